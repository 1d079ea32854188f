/**
 * How the bundled command line starts: its parts are loaded from the code cache that earlier runs of the same command
 * kept in the home. A run that is told to write nothing, fails, or finds no home keeps none.
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { codeCacheName, intactCache } from "../../store/code-cache.js";
import { keepCodeCache } from "../../store/keep-code-cache.js";
import { locations } from "../../store/locations.js";
import { commandWord } from "../command-word.js";
import { EXIT } from "../exit.js";
import { decodeKept, encodeKept, type KeptCode } from "./kept-code.js";
import { type Parts, partLoader } from "./load-parts.js";

/** Put in by the build: stands for the texts of all parts. */
declare const CLAUDE_PERMIT_BUILD: string;

type Require = (id: string) => unknown;

/**
 * Work after which V8 compiles a function to machine code on another thread, six times its own measure: most commands are
 * over before that pays, and it was a third of what a report cost. A long reading comes to it soon all the same. Node 20
 * only: newer ones count invocations, have a cheaper compiler before this one, and complain of a flag that they lack.
 */
const UNHURRIED = "--interrupt-budget=800000";
/** The hook has a cache of its own, a query reads much in little time, the server stays. */
const AS_V8_WILL: readonly (string | undefined)[] = ["hook", "query", "mcp"];

/** The flag to set for a command under this version of Node (`20.19.0`); `null`: as V8 will. */
export function v8FlagFor(node: string, command: string | undefined): string | null {
  return node.startsWith("20.") && !AS_V8_WILL.includes(command) ? UNHURRIED : null;
}

/** What takes the place of `require` in `program`, the file that was started. */
export function launch(program: string, parts: Parts, ownRequire: Require): Require {
  // INVARIANT: before any part is loaded: a code cache is read under the flags under which it was made.
  const flag = v8FlagFor(process.versions.node, commandWord(process.argv.slice(2)));
  if (flag !== null) setFlagsFromString(flag);
  let cache: Cache | null | undefined;
  const { require, loaded } = partLoader({
    folder: join(dirname(dirname(program)), "cli-parts"),
    parts,
    ownRequire,
    cacheOf(part) {
      if (cache === undefined) {
        cache = openCache(program);
        process.once("exit", keep);
      }
      return cache?.kept?.parts.get(part);
    },
  });

  function keep(exitCode: number): void {
    if (cache === undefined || cache === null || exitCode === EXIT.failed || mayNotWrite(process.argv)) return;
    const { kept, path, prefix, home } = cache;
    const isDue = (kept?.runs ?? 0) < RUNS || [...loaded.values()].some(({ isCold }) => isCold);
    if (!isDue || !existsSync(home)) return;
    try {
      const made = [...loaded].map(([name, { script }]) => [name, script.createCachedData()] as const);
      const parts = new Map([...(kept?.parts ?? []), ...made]);
      keepCodeCache(path, prefix, encodeKept({ runs: (kept?.runs ?? 0) + 1, parts }));
    } catch {
      // The answer is out; without a cache the parts are compiled each time.
    }
  }

  return require;
}

function mayNotWrite(argv: readonly string[]): boolean {
  return argv.includes("--read-only") || argv.includes("--dry-run");
}

/** The first run of a command counts what later runs remember; what those use is only known then. */
const RUNS = 3;

interface Cache {
  readonly path: string;
  readonly prefix: string;
  readonly home: string;
  readonly kept: KeptCode | null;
}

/** `null` where nobody can say which home is meant: the folder we are in may be gone. */
function openCache(program: string): Cache | null {
  try {
    const { argv, env } = process;
    const homeFlag = flagValue(argv, "--home");
    const { home, cache } = locations({ homeFlag, env, cwd: process.cwd(), osHome: homedir(), hook: false });
    const word = commandWord(argv.slice(2));
    const prefix = `cli-${word !== undefined && /^[a-z][a-z-]*$/.test(word) ? word : "other"}-`;
    // INVARIANT: a home may come from anywhere, unpacked or copied, and a cache is code that runs. Nobody else can name
    // the moment at which this installation was written.
    const { ino, ctimeMs } = statSync(program);
    const path = `${cache}/${codeCacheName(prefix, `${CLAUDE_PERMIT_BUILD}-${ino}-${ctimeMs}`)}`;
    return { path, prefix, home, kept: readKept(path) };
  } catch {
    return null;
  }
}

/** INVARIANT: only what this user wrote and nobody else can write. */
function readKept(path: string): KeptCode | null {
  try {
    const file = openSync(path, "r");
    try {
      const { uid, mode } = fstatSync(file);
      if ((process.getuid?.() ?? uid) !== uid || (mode & 0o022) !== 0) return null;
      const data = intactCache(readFileSync(file));
      return data === undefined ? null : decodeKept(data);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

function flagValue(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at === -1) return undefined;
  return argv[at] === name ? argv[at + 1] : argv[at]?.slice(name.length + 1);
}
