/** Does the registered command answer, with which version, how fast, and what makes it slow? */
import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { type HookHandler, wordsOf } from "../../store/settings-hooks.js";
import { askCanary } from "../canary.js";
import type { Io } from "../io.js";
import { isVoid } from "../registered.js";
import { VERSION } from "../version.js";
import type { Look, Surroundings } from "./check.js";
import { isPluginOnly, repairOf } from "./registration.js";

/** A warm answer of a hook started without detours takes a fraction of this. */
const SLOW_MS = 400;

export const lookAtAnswer: Look = (around) => {
  const { io, where, readOnly, sources } = around;
  const fix = repairOf(sources);
  const registered = decidingHandler(around);
  if (registered === undefined) return null;
  const { handler } = registered;
  const words = wordsOf(handler);
  const command = words.join(" ");
  if (readOnly) return { state: "note", found: `not tried: ${command}`, why: "--read-only starts no hook" };
  const canary = askCanary(handler, where.config, io);
  if (canary.kind === "untried")
    return {
      state: "note",
      found: `not tried: ${command}`,
      why: "only a shell can start it",
      fix,
    };
  if (canary.kind === "failed") {
    const why = "every call is blocked, or decided without us where onFailure does not block";
    return { state: "bad", found: `${command}: ${canary.why}`, why, fix };
  }
  const { version, milliseconds } = canary;
  const found = `version ${version} answers in ${milliseconds} ms`;
  if (version !== VERSION) {
    return {
      state: "note",
      found,
      why: `this is ${VERSION}; the two may read rules differently`,
      fix,
    };
  }
  const home = words[words.indexOf("--home") + 1];
  if (words.includes("--home") && home !== undefined && resolve(home) !== where.home) {
    return {
      state: "note",
      found: `${found}, with its home in ${home}`,
      why: `this looks into ${where.home}`,
      fix: `--home '${home}'`,
    };
  }
  // A plugin cannot know where Node is.
  const cause = isPluginOnly(sources) ? null : slowCause(words[0] ?? "", io);
  if (cause !== null) return { state: "note", found, ...cause };
  if (milliseconds <= SLOW_MS) return { state: "good", found };
  return { state: "note", found, why: `more than ${SLOW_MS} ms are felt at every call; is the machine busy?` };
};

/** The one that decides calls; of several the strongest. */
function decidingHandler({ sources }: Surroundings): HookHandler | undefined {
  return sources
    .filter((source) => !isVoid(source))
    .flatMap(({ ours }) => ours)
    .find(({ event }) => event === "PreToolUse");
}

function slowCause(program: string, { env }: Io): { readonly why: string; readonly fix: string } | null {
  if ((env["NODE_EXTRA_CA_CERTS"] ?? "") !== "" && program === process.execPath && process.version.startsWith("v20.")) {
    return {
      why: "Node 20 reads NODE_EXTRA_CA_CERTS at every start, which doubles its time",
      fix: "use Node 22 or newer, then: claude-permit init",
    };
  }
  if (!/[\\/]/.test(program) || /[\\/]shims[\\/]/.test(program) || isScript(program)) {
    return { why: `\`${program}\` is looked up or goes through a script at every call`, fix: "claude-permit init" };
  }
  return null;
}

function isScript(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const start = Buffer.alloc(2);
      return readSync(file, start, 0, 2, 0) === 2 && start.toString("latin1") === "#!";
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
