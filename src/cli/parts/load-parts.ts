/**
 * Loading the parts of the bundled command line: each when something of it is first used, whoever imported it, and from
 * V8's code cache where there is one. A part is a CommonJS file that the build made of modules of the source.
 */
import { readFileSync } from "node:fs";
import { Script } from "node:vm";

/** Name of a part's file -> the names it exports. */
export type Parts = Readonly<Record<string, readonly string[]>>;

export interface PartLoader {
  /** In place of `require`: asking for a part loads nothing yet. */
  readonly require: (id: string) => unknown;
  readonly loaded: ReadonlyMap<string, LoadedPart>;
}

export interface LoadedPart {
  readonly script: Script;
  /** Compiled though there might have been a cache. */
  readonly isCold: boolean;
}

export interface LoaderInputs {
  readonly folder: string;
  readonly parts: Parts;
  /** For everything that is no part. */
  readonly ownRequire: (id: string) => unknown;
  /** What V8 made of a part before. */
  readonly cacheOf: (part: string) => Buffer | undefined;
}

/** How a part's file begins, so that Node can load it too, which alone reads maps; the rest is a function. */
const EXPORTED = "module.exports=";
type Part = (require: (id: string) => unknown, exports: object, filename: string, folder: string) => void;

/** Parts of Node that take a process milliseconds to load, and are used by few of those who import them. */
const SELDOM: ReadonlySet<string> = new Set(
  ["child_process", "crypto", "http", "https", "readline", "url", "zlib"].map((name) => `node:${name}`),
);

export function partLoader({ folder, parts, ownRequire, cacheOf }: LoaderInputs): PartLoader {
  const exported = new Map<string, object>();
  const loaded = new Map<string, LoadedPart>();

  function requirePart(id: string): unknown {
    const name = id.slice(id.lastIndexOf("/") + 1);
    const names = parts[name];
    if (names === undefined) return SELDOM.has(id) ? whenAsked(() => ownRequire(id)) : ownRequire(id);
    const exports = exported.get(name) ?? unloaded(name, names);
    exported.set(name, exports);
    return exports;
  }

  /** What the part will export; the first who asks for any of it has the part run. */
  function unloaded(name: string, names: readonly string[]): object {
    const exports: Record<string, unknown> = {};
    const load = (): void => {
      for (const key of names) delete exports[key];
      run(name, exports);
      // V8 keeps the properties of a prototype where compiled code finds them by place.
      Object.setPrototypeOf({}, exports);
    };
    for (const key of names) {
      const get = (): unknown => {
        load();
        return exports[key];
      };
      Object.defineProperty(exports, key, { enumerable: true, configurable: true, get });
    }
    return exports;
  }

  function run(name: string, exports: object): void {
    const filename = `${folder}/${name}`;
    const part = process.sourceMapsEnabled ? ownRequire(filename) : compiled(name, filename).runInThisContext();
    (part as Part)(requirePart, exports, filename, folder);
  }

  function compiled(name: string, filename: string): Script {
    // The build leaves one byte a character.
    const text = readFileSync(filename).toString("latin1", EXPORTED.length);
    const cachedData = cacheOf(name);
    const script = new Script(text, { filename, ...(cachedData === undefined ? {} : { cachedData }) });
    loaded.set(name, { script, isCold: cachedData === undefined || script.cachedDataRejected === true });
    return script;
  }

  return { require: requirePart, loaded };
}

/** Stands for what `load` gives, which is loaded when something of it is asked for. */
function whenAsked(load: () => unknown): object {
  let loaded: object | undefined;
  const real = (): object => {
    loaded ??= Object(load()) as object;
    return loaded;
  };
  return new Proxy(
    {},
    {
      get: (_, key) => Reflect.get(real(), key),
      has: (_, key) => Reflect.has(real(), key),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_, key) => {
        const found = Reflect.getOwnPropertyDescriptor(real(), key);
        return found === undefined ? undefined : { ...found, configurable: true };
      },
    },
  );
}
