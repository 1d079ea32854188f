/** What a candidate would allow or deny, for the person who is asked or told: one sentence, made from its table. */
import type { TomlTable } from "../policy/toml.js";
import { isTable } from "../policy/toml.js";
import type { Candidate } from "./candidate-rule.js";

/** Regex source of a word's kind -> how a person says it. Longest first, so that none is read as a part of another. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\(\?:\\\.\{1,3\}[^ ]*?\)\*\\\/\?\)/g, "<path>"],
  [/\(\?:\\\.\?\[\\w@\][^ ]*?\)\*\\\/\?/g, "<path>"],
  [/\[\^-\\s"'\\\\\$\]\[\^ \]\*/g, "<text>"],
  [/\\w\[[^\]]*\]\*/g, "<name>"],
  [/\\d\+/g, "<number>"],
];

/** `allows \`git log\` followed by any of --oneline, -<number>; only reading; below /work/p`. */
export function describeCandidate({ kind, table }: Candidate): string {
  const parts = [subjectOf(table), ...effectOf(table)];
  const cwd = listOf(table["cwd"]);
  if (cwd.length > 0) parts.push(`in ${cwd.join(", ")}`);
  return `${kind === "allow" ? "allows" : "denies"} ${parts.join("; ")}`;
}

function subjectOf(table: TomlTable): string {
  const { pattern, fields, shell, tool } = table;
  const command = isTable(fields) ? Object.values(fields)[0] : undefined;
  if (typeof pattern === "string") return `\`${pattern}\``;
  if (isTable(shell) && typeof command !== "string") return `\`${shellWords(shell)}\``;
  if (typeof command === "string") return wordsOf(command);
  return `every call of ${typeof tool === "string" ? tool : "any tool"}`;
}

/** `rm` with `--recursive`, `--force` and `build`. */
function shellWords({ program, subcommand, flags_all, args, in_pipeline_with }: TomlTable): string {
  const words = [program, subcommand, flags_all].flatMap(listOf);
  const plain = listOf(args).map((source) => unescaped(source.replace(/^\^|\$$/g, "")));
  const piped = listOf(in_pipeline_with);
  return [...words, ...plain, ...(piped.length === 0 ? [] : [`(in a pipeline with ${piped.join(", ")})`])].join(" ");
}

function wordsOf(source: string): string {
  const open = /^\^(.*?)\(\?: \(\?:(.*)\)\)\*\$$/su.exec(source);
  if (open === null) return `exactly ${exactTexts(source)}`;
  let words = open[2] ?? "";
  for (const [regex, name] of KINDS) words = words.replace(regex, name);
  return `\`${unescaped(open[1] ?? "")}\` followed by any of ${words.split("|").map(unescaped).join(", ")}`;
}

function exactTexts(source: string): string {
  const inner = source.replace(/^\^|\$$/g, "").replace(/^\(\?:(.*)\)$/s, "$1");
  return inner
    .split(/(?<!\\)\|/)
    .map((text) => `\`${unescaped(text)}\``)
    .join(" and ");
}

function unescaped(source: string): string {
  return source.replaceAll("\\xa0", " ").replace(/\\([^\w\s])/g, "$1");
}

function effectOf({ shell }: TomlTable): readonly string[] {
  if (!isTable(shell)) return [];
  const effects = listOf(shell["effect"]);
  const folders = listOf(shell["paths_inside"]);
  return [
    ...(effects.length === 0
      ? []
      : [effects.length === 1 && effects[0] === "reads" ? "only reading" : effects.join(", ")]),
    ...(folders.length === 0
      ? []
      : [`files inside ${folders.map((one) => (one === "$PROJECT" ? "the project" : one)).join(", ")}`]),
  ];
}

function listOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
