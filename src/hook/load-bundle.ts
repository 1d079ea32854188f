/**
 * Loading the bundled files that lie beside the hook. The large ones run from V8's code cache, which spares a cold
 * process most of its compiling. The cache is only ever a shortcut: whatever is wrong with it, the file itself is run.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

export interface Bundles {
  "hook-run.cjs": typeof import("./hook-run.js");
  "hook-more.cjs": typeof import("./hook-more.js");
  "hook-shell.cjs": typeof import("../core/shell/analyze.js");
  "hook-compile.cjs": typeof import("../store/refresh-policy.js");
  "hook-redact.cjs": typeof import("../core/audit/redact.js");
  "hook-rotate.cjs": typeof import("../store/rotate.js");
  "hook-llm.cjs": typeof import("./llm/consult-here.js");
  "hook-model.cjs": typeof import("../llm/model.js");
  "hook-promote.cjs": typeof import("../store/promotion/memory.js");
}

export type LoadBundle = <Name extends keyof Bundles>(name: Name) => Bundles[Name];

export interface Loader {
  readonly load: LoadBundle;
  /** What had to be compiled though the cache is for it. */
  readonly cold: readonly Compiled[];
}

export interface Compiled {
  readonly bundle: string;
  readonly cachePath: string;
  readonly script: Script;
}

/** Needed at many calls, and large enough that reading a cache is cheaper than compiling. */
const CACHED: readonly string[] = ["hook-run.cjs", "hook-shell.cjs"];

/** `folder`: where the bundles are. `cache`: our cache folder, guarded like the policy it stands beside. */
export function bundleLoader(folder: string, cache: string, require: NodeJS.Require): Loader {
  const cold: Compiled[] = [];
  const loaded: { [Name in keyof Bundles]?: Bundles[Name] } = {};

  function run<Name extends keyof Bundles>(name: Name): Bundles[Name] {
    const file = join(folder, name);
    const cachePath = CACHED.includes(name) ? join(cache, cacheName(name, file)) : null;
    const cachedData = cachePath === null ? undefined : readCache(cachePath);
    // The build leaves one byte a character.
    const script = new Script(wrapped(readFileSync(file, "latin1")), {
      filename: file,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    const isUsed = cachedData !== undefined && script.cachedDataRejected !== true;
    if (cachePath !== null && !isUsed) cold.push({ bundle: name, cachePath, script });
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

  return { load, cold };
}

function isBundle(name: string): name is keyof Bundles {
  return name.startsWith("hook-") && name.endsWith(".cjs");
}

function wrapped(source: string): string {
  return `(function(require,__filename,__dirname){var module={exports:{}},exports=module.exports;${source}\nreturn module.exports})`;
}

/**
 * INVARIANT: one name for one file and one Node with its flags: V8 refuses the cache of another version or other flags,
 * but it would run the cache of another text of the same length.
 */
function cacheName(name: string, file: string): string {
  const { size, ctimeMs, ino } = statSync(file);
  const given = process.execArgv.join("") + (process.env["NODE_OPTIONS"] ?? "");
  const flags = given === "" ? "" : given.replace(/\W+/g, "_").slice(0, 80);
  return `${prefix(name)}${process.version}-${process.arch}-${size}-${ino}-${Math.round(ctimeMs)}${flags}.v8`;
}

/** How the caches of a bundle begin. */
export function prefix(name: string): string {
  return `${name.replace(".cjs", "")}-`;
}

/**
 * INVARIANT: V8 does not check the body of a cache and crashes on a damaged one, which would let calls through. So it
 * is kept twice in its file, and used only while both copies are equal: cheaper for a cold process than any checksum.
 */
function readCache(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    const data = bytes.subarray(0, bytes.length / 2);
    return data.length > 0 && data.equals(bytes.subarray(data.length)) ? data : undefined;
  } catch {
    return undefined;
  }
}
