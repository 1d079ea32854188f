// Bundles the hook into dist/: CommonJS files that need only `node:` modules. The first is loaded at every tool call and
// stays small; the others are loaded by it when a call needs them.
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
  "hook-more.cjs": "hook/hook-more.ts",
  "hook-compile.cjs": "store/refresh-policy.ts",
  "hook-shell.cjs": "core/shell/analyze.ts",
  "hook-redact.cjs": "core/audit/redact.ts",
  "hook-rotate.cjs": "store/rotate.ts",
  "hook-llm.cjs": "hook/llm/consult-here.ts",
  "hook-model.cjs": "llm/model.ts",
  "hook-promote.cjs": "store/promotion/memory.ts",
};

/** `version`: of the program, that of the package unless tests want another. */
export async function buildHook(folder = join(root, "dist"), version = packageVersion()) {
  mkdirSync(folder, { recursive: true });
  for (const [file, entry] of Object.entries(ENTRIES)) {
    const code = await bundle(ENTRY, {
      plugins: [entryPlugin(entryOf(file, entry, src)), lateModules(file, src), packedPrograms],
      transform: { define: { CLAUDE_PERMIT_VERSION: JSON.stringify(version) } },
      output: { format: "cjs", minify: true, exports: "named", codeSplitting: false },
    });
    writeFileSync(join(folder, file), ascii(code));
  }
  // What `claude-permit-hook` names is started as a program.
  const started = join(folder, "hook.cjs");
  writeFileSync(started, `#!/usr/bin/env node\n${readFileSync(started, "latin1")}`);
  chmodSync(started, 0o755);
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
const packedPrograms = {
  name: "packed-programs",
  async load(id) {
    if (id !== join(programs, "index.ts")) return null;
    const tables = await bundle(id, { output: { format: "esm" } });
    const packer = await bundle(join(programs, "packed.ts"), { output: { format: "esm" } });
    const [{ TABLES }, { packPrograms }] = await Promise.all([tables, packer].map(imported));
    return `import { openPacked } from "./packed.ts";
export const findProgram = openPacked(${JSON.stringify(packPrograms(TABLES))});`;
  },
};

function imported(code) {
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** One byte a character, so that the loader need not decode. Only strings and regexes hold others. */
function ascii(code) {
  return code.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildHook(process.argv[2]);
}
