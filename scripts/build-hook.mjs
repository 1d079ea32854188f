// Bundles the hook into dist/: CommonJS files that need only `node:` modules. The first is loaded at every tool call and
// stays small; the others are loaded by it when a call needs them.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";
import { entryOf, lateModules } from "./late-modules.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const src = join(root, "src");

const ENTRIES = {
  "hook.cjs": "hook/hook-entry.ts",
  "hook-run.cjs": "hook/hook-run.ts",
  "hook-events.cjs": "hook/answer-other.ts",
  "hook-more.cjs": "hook/hook-more.ts",
  "hook-compile.cjs": "store/refresh-policy.ts",
  "hook-rules.cjs": "core/policy/match-rule.ts",
  "hook-shell.cjs": "core/shell/analyze.ts",
  "hook-powershell.cjs": "core/shell/powershell.ts",
  "hook-redact.cjs": "core/audit/redact.ts",
  "hook-rotate.cjs": "store/rotate.ts",
  "hook-llm.cjs": "hook/llm/consult-here.ts",
  "hook-model.cjs": "llm/model.ts",
  "hook-promote.cjs": "store/promotion/memory.ts",
};

/** What Claude Code starts; the other bundles are loaded by it, as functions. */
const STARTED = "hook.cjs";
const PROGRAMS = "hook-programs.txt";

const DECODER = join(root, "scripts/late-decoder.mjs");

/** Stands for the name of a build, which follows from everything that was built. */
const BUILD = "@build-of-hook@@";

/** `version`: of the program, that of the package unless tests want another. */
export async function buildHook(folder = join(root, "dist"), version = packageVersion()) {
  const define = { CLAUDE_PERMIT_VERSION: JSON.stringify(version), CLAUDE_PERMIT_BUILD: JSON.stringify(BUILD) };
  const built = new Map([[PROGRAMS, `${BUILD}\n${await packedPrograms()}`]]);
  for (const [file, entry] of Object.entries(ENTRIES)) {
    const code = await bundle(ENTRY, {
      plugins: [entryPlugin(entryOf(file, entry, src)), lateModules(file, src), programsFromFile],
      transform: {
        define,
        ...(file === "hook-shell.cjs" ? { inject: { TextDecoder: [DECODER, "TextDecoder"] } } : {}),
      },
      output: { format: "cjs", minify: true, exports: "named", codeSplitting: false },
    });
    built.set(file, file === STARTED ? `#!/usr/bin/env node\n${ascii(code)}` : asFunction(ascii(code)));
  }
  const name = createHash("sha256")
    .update([...built.values()].join("\0"))
    .digest("hex")
    .slice(0, BUILD.length);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of built) writeFileSync(join(folder, file), text.replaceAll(BUILD, name));
  chmodSync(join(folder, STARTED), 0o755);
}

/** As `load-bundle.ts` runs it: begins with the name of its build. */
function asFunction(code) {
  return `/*${BUILD}*/(function(require,__filename,__dirname){var module={exports:{}},exports=module.exports;${code}\nreturn module.exports})`;
}

function packageVersion() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

const ENTRY = "hook-bundle-entry";

function entryPlugin(code) {
  return {
    name: "entry",
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) => (id === ENTRY ? { code, moduleType: "ts" } : null),
  };
}

async function bundle(input, options) {
  const { output } = await build({ input, platform: "node", logLevel: "warn", write: false, ...options });
  return output[0].code;
}

const programs = join(root, "src/core/shell/programs");

/** The tables of programs as one text: making all of them would cost a cold process milliseconds. */
async function packedPrograms() {
  const tables = await bundle(join(programs, "index.ts"), { output: { format: "esm" } });
  const packer = await bundle(join(programs, "packed.ts"), { output: { format: "esm" } });
  const [{ TABLES }, { packPrograms }] = await Promise.all([tables, packer].map(imported));
  return packPrograms(TABLES);
}

/** The tables lie beside the bundles, so that no code cache has to carry them. INVARIANT: never those of another build. */
const programsFromFile = {
  name: "programs-from-file",
  load(id) {
    if (id !== join(programs, "index.ts")) return null;
    return `import { closeSync, openSync, readSync } from "node:fs";
import { openPacked } from "./packed.ts";
const start = CLAUDE_PERMIT_BUILD.length + 1;
export const findProgram = openPacked((at, length) => {
  const file = openSync(__dirname + "/${PROGRAMS}", "r");
  try {
    const bytes = Buffer.allocUnsafe(start + length);
    const from = at === 0 ? 0 : start + at;
    const text = bytes.toString("latin1", 0, readSync(file, bytes, 0, at === 0 ? start + length : length, from));
    if (at > 0) return text;
    if (!text.startsWith(CLAUDE_PERMIT_BUILD + "\\n")) throw new Error("${PROGRAMS} is of another build");
    return text.slice(start);
  } finally {
    closeSync(file);
  }
});`;
  },
};

function imported(code) {
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** One byte a character, which is read fastest. Only strings and regexes hold others. */
function ascii(code) {
  return code.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildHook(process.argv[2]);
}
