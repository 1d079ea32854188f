// Asks arethetypeswrong whether the packed package's types are found by every kind of importer it means to serve.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "claude-permit-pack-"));
try {
  const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const [name] = readdirSync(folder);
  if (packed.status !== 0 || name === undefined) throw new Error(packed.stderr);
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(join(folder, name)))));
  const problems = result.types === false ? [{ kind: "NoTypes" }] : result.problems;
  // The package is ESM for Node 20.19 and later, which can require() it; older resolution is not served.
  const served = problems.filter(
    ({ kind, resolutionKind }) => resolutionKind !== "node10" && kind !== "CJSResolvesToESM",
  );
  for (const problem of served) console.error(JSON.stringify(problem));
  console.log(served.length === 0 ? "types: found by every importer" : `types: ${served.length} problems`);
  process.exitCode = served.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
