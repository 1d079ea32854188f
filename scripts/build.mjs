// Builds the package into dist/: the library with tsc, the command line as bundled parts, the hook as bundled CommonJS files.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCli } from "./build-cli.mjs";
import { buildHook } from "./build-hook.mjs";
import { buildPackages } from "./build-packages.mjs";
import { buildTemplates, bundleScales } from "./build-report.mjs";
import { buildWalk } from "./build-walk.mjs";
import { writeLicences } from "./write-licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 2);
await buildHook();
writeLicences(join(root, "dist"), [...(await buildCli()), ...(await buildPackages())]);
await buildWalk();
buildTemplates();
await bundleScales();
for (const bin of ["dist/cli/main.js", "dist/hook.cjs"]) chmodSync(join(root, bin), 0o755);
