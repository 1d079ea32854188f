// Compiles the walk over a log's lines (wasm/, AssemblyScript) to WebAssembly and puts it, as text, into a file that is
// loaded by `require` like a package: dist/packages/walk.cjs, which the source names `#packages/walk`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));

export async function buildWalk(folder = join(root, "dist")) {
  let bytes = new Uint8Array();
  const { error, stderr } = await asc.main(
    // No runtime of AssemblyScript's own: nothing is allocated, and what cannot be stops by a trap. 84 pages hold all
    // tables and the blocks of nearly every log.
    [
      ...["wasm/index.ts", "--baseDir", root, "-o", "walk.wasm", "-O3", "--noAssert", "--use", "abort="],
      ...["--runtime", "stub", "--enable", "simd", "--initialMemory", "84"],
    ],
    {
      writeFile: (_name, contents) => {
        bytes = contents;
      },
    },
  );
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  const file = join(folder, "packages", "walk.cjs");
  mkdirSync(join(folder, "packages"), { recursive: true });
  writeFileSync(file, `module.exports = "${Buffer.from(bytes).toString("base64")}";\n`);
  return bytes.length;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(`${await buildWalk(process.argv[2])} bytes`);
}
