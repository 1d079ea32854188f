// Bundles the hook into dist/: CommonJS files that need only `node:` modules. The first is loaded at every tool call and
// stays small; the others are loaded by it when a call needs them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

const ENTRIES = {
  "hook.cjs": "src/hook/hook-entry.ts",
  "hook-run.cjs": "src/hook/hook-run.ts",
  "hook-compile.cjs": "src/store/refresh-policy.ts",
  "hook-shell.cjs": "src/core/shell/analyze.ts",
  "hook-redact.cjs": "src/core/audit/redact.ts",
  "hook-rotate.cjs": "src/store/rotate.ts",
};

export async function buildHook(folder = join(root, "dist")) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [file, entry] of Object.entries(ENTRIES)) {
    await build({
      input: join(root, entry),
      platform: "node",
      transform: { define: { CLAUDE_PERMIT_VERSION: JSON.stringify(version) } },
      output: { file: join(folder, file), format: "cjs", minify: true, exports: "named", codeSplitting: false },
      logLevel: "warn",
    });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildHook(process.argv[2]);
}
