/**
 * Is this part one of claude-permit's own commands, and does it only read? Judged from the words alone, whatever runs
 * it (`npx`, `node …`, a full path). What is not surely a reading command counts as one that changes the policy.
 */
import type { ShellPart } from "../shell/shell.js";

const OWN_NAME = /(?:^|[/\\@])claude-permit(?:-hook)?(?:@[\w.^~-]*)?(?:\.(?:[cm]?js|cmd|exe|ps1))?$/i;
/** A script of ours by its folder: `node ~/src/claude-permit/dist/cli/main.js`. */
const OWN_SCRIPT = /[/\\]claude-permit[/\\](?:.*[/\\])?[\w.-]+\.[cm]?js$/i;
const RUNNERS = new Set(
  "node nodejs bun bunx deno tsx npx npm pnpm pnpx yarn volta mise corepack exec command sudo env doas".split(" "),
);

/** Commands that change no policy, trust or registration, and the words that turn them into ones that do. */
const READING = new Map<string, RegExp | null>([
  ["query", null],
  ["test", null],
  ["explain", null],
  ["analyze", null],
  ["list", null],
  ["stats", null],
  ["status", null],
  ["session", null],
  ["compare", null],
  ["gaps", null],
  ["coverage", null],
  ["simulate", null],
  ["validate", null],
  ["validate-config", null],
  ["completions", null],
  ["statusline", null],
  ["watch", null],
  ["ask", null],
  ["help", null],
  ["digest", /^--install-cron/],
  ["suggest", /^--apply/],
  ["mcp", /^--allow-writes/],
]);

const READING_PAIRS =
  /^(?:rules (?:list|show|history)|import (?:transcripts|permissions-hook)|fleet (?:status|report))$/;
const VALUE_FLAGS = new Set(["--home", "--config"]);
const PLAIN_FLAGS = new Set(["--json", "--no-color", "--quiet", "--read-only", "--help", "-h", "--version", "-V"]);

/** The words given to us, `null` when the part does not run us. A dynamic word is `null`. */
function ownWords({ argv, program }: ShellPart): readonly (string | null)[] | null {
  if (program === null) return null;
  const isRunner = RUNNERS.has(program.toLowerCase());
  if (!isRunner && !mentionsUs(program) && !mentionsUs(argv[0]?.value ?? null)) return null;
  const words = argv.map((word) => word.value);
  if (!words.some(mentionsUs)) return null;
  if (OWN_NAME.test(words[0] ?? "") || /^claude-permit(?:-hook)?$/i.test(program)) return words.slice(1);
  if (!isRunner) return null;
  const at = words.findIndex(
    (word, index) => index > 0 && word !== null && (OWN_NAME.test(word) || OWN_SCRIPT.test(word)),
  );
  return at < 0 ? null : words.slice(at + 1);
}

/** Asked of every word of every call, where a regex would first have to be compiled. */
export function mentionsUs(text: string | null): boolean {
  return text?.toLowerCase().includes("claude-permit") === true;
}

export type OwnUse = "none" | "reads" | "changes";

/** Whether a part runs claude-permit, and whether that may change what it decides. */
export function ownUse(part: ShellPart): OwnUse {
  const words = ownWords(part);
  if (words === null) return "none";
  let at = 0;
  let isAsking = false;
  while (at < words.length) {
    const word = words[at];
    if (word === null || word === undefined) return "changes";
    if (VALUE_FLAGS.has(word)) at += 2;
    else if (PLAIN_FLAGS.has(word) || /^--(?:home|config)=/.test(word)) {
      isAsking ||= /^(?:--help|-h|--version|-V)$/.test(word);
      at += 1;
    } else break;
  }
  const rest = words.slice(at);
  if (rest.some((word) => word === null)) return "changes";
  const [command, next] = rest;
  if (command === undefined || command === null) return isAsking ? "reads" : "changes";
  if (READING_PAIRS.test(`${command} ${next ?? ""}`)) return "reads";
  const turning = READING.get(command);
  if (turning === undefined) return "changes";
  return turning !== null && rest.some((word) => word !== null && turning.test(word)) ? "changes" : "reads";
}
