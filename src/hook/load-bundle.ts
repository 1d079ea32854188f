/**
 * Loading the bundled files that lie beside the hook. The large ones run from V8's code cache, which spares a cold
 * process most of its compiling. The cache is only ever a shortcut: whatever is wrong with it, the file itself is run.
 */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { Script } from "node:vm";
import { codeCacheName, intactCache, setMachineCode } from "../store/code-cache.js";

/** Put in by the build: what tells the files of this build from those of every other one. */
declare const CLAUDE_PERMIT_BUILD: string;

export interface Bundles {
  "hook-run.cjs": typeof import("./hook-run.js");
  "hook-events.cjs": typeof import("./answer-other.js");
  "hook-more.cjs": typeof import("./hook-more.js");
  "hook-rules.cjs": typeof import("../core/policy/match-rule.js");
  "hook-shell.cjs": typeof import("../core/shell/analyze.js");
  "hook-compile.cjs": typeof import("../store/refresh-policy.js");
  "hook-powershell.cjs": typeof import("../core/shell/powershell.js");
  "hook-redact.cjs": typeof import("../core/audit/redact.js");
  "hook-rotate.cjs": typeof import("../store/rotate.js");
  "hook-llm.cjs": typeof import("./llm/consult-here.js");
  "hook-model.cjs": typeof import("../llm/model.js");
  "hook-promote.cjs": typeof import("../store/promotion/memory.js");
}

export type LoadBundle = <Name extends keyof Bundles>(name: Name) => Bundles[Name];

export interface Loader {
  readonly load: LoadBundle;
  readonly isLoaded: (name: keyof Bundles) => boolean;
  /** What had to be compiled though the cache is for it. */
  readonly cold: readonly Compiled[];
}

export interface Compiled {
  readonly bundle: string;
  readonly cachePath: string;
  readonly script: Script;
}

/** Needed at many calls, and large enough that reading a cache is cheaper than compiling. */
const CACHED: readonly string[] = ["hook-run.cjs", "hook-events.cjs", "hook-rules.cjs", "hook-shell.cjs"];

/**
 * `folder`: where the bundles are. `cache`: our cache folder, guarded like the policy it stands beside; `null`: nothing
 * is cached.
 */
export function bundleLoader(folder: string, cache: string | null, require: NodeJS.Require): Loader {
  const cold: Compiled[] = [];
  const loaded: { [Name in keyof Bundles]?: Bundles[Name] } = {};

  function run<Name extends keyof Bundles>(name: Name): Bundles[Name] {
    const file = `${folder}/${name}`;
    const isLarge = CACHED.includes(name);
    // The build leaves one byte a character.
    const source = isLarge ? readBytes(file).toString("latin1") : readFileSync(file, "latin1");
    const cachePath =
      isLarge && cache !== null && source.startsWith(BUILD_MARK)
        ? `${cache}/${codeCacheName(prefix(name), CLAUDE_PERMIT_BUILD)}`
        : null;
    const cachedData = cachePath === null ? undefined : readCache(cachePath);
    const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
    const isUsed = cachedData !== undefined && script.cachedDataRejected !== true;
    if (cachePath !== null && !isUsed) {
      if (cold.length === 0) setMachineCode(false);
      cold.push({ bundle: name, cachePath, script });
    }
    return script.runInThisContext()(requireHere, file, folder);
  }

  /** Bundles ask for each other by name. */
  function requireHere(id: string): unknown {
    const name = id.replace("./", "");
    return isBundle(name) ? load(name) : require(id);
  }

  function load<Name extends keyof Bundles>(name: Name): Bundles[Name] {
    const bundle = loaded[name] ?? run(name);
    loaded[name] = bundle;
    return bundle;
  }

  return { load, isLoaded: (name) => loaded[name] !== undefined, cold };
}

function isBundle(name: string): name is keyof Bundles {
  return name.startsWith("hook-") && name.endsWith(".cjs");
}

/** How the build begins each bundle; the rest is a function that gives the bundle's exports. */
const BUILD_MARK = `/*${CLAUDE_PERMIT_BUILD}*/`;

/** How the caches of a bundle begin. */
export function prefix(name: string): string {
  return `${name.replace(".cjs", "")}-`;
}

function readCache(path: string): Buffer | undefined {
  try {
    return intactCache(readBytes(path));
  } catch {
    return undefined;
  }
}

/** More than twice the largest cache there is, which would never be used else; costs address space, and memory only as far as files go. */
const MAX_BYTES = 2 << 20;
let scratch: Buffer | undefined;

/**
 * What a file holds, as far as `MAX_BYTES`. INVARIANT: good until the next call only. `readFileSync` would ask for the
 * file's size and be compiled for it.
 */
function readBytes(path: string): Buffer {
  scratch ??= Buffer.allocUnsafe(MAX_BYTES);
  const file = openSync(path, "r");
  try {
    return scratch.subarray(0, readSync(file, scratch, 0, MAX_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
