// Puts the command line into few files: dist/cli/main.js and the parts of it in dist/cli-parts/, each loaded when a
// command needs it. Some hundred modules and packages, one file each, would cost every command a second start of Node.
// What tsc wrote stays: it is the library, and dist/cli/main.js of tsc alone runs as well.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");

/** Packages that become part of the bundles. The others are the library's too, and are installed for it. */
const BUNDLED = new Set([
  "@anthropic-ai/sdk",
  "@clack/prompts",
  "@eslint-community/regexpp",
  "@modelcontextprotocol/sdk",
  "commander",
  "d3-scale",
  "d3-shape",
  "diff",
  "fast-string-width",
  "fastest-levenshtein",
  "jsonc-parser",
  "marked",
  "picocolors",
  "proper-lockfile",
  "simple-statistics",
  "smol-toml",
  "toml-eslint-parser",
  "unbash",
  "undici",
  "zod",
]);

/** What a bundled package imports itself comes with it. */
function staysPackage(id, importer) {
  if (/^[./]|^node:|^[A-Za-z]:|^\0/.test(id) || !importer?.startsWith(src)) return false;
  return !BUNDLED.has(/^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? id);
}

const PARTS = "cli-parts";

/** @returns the files of packages that went into it. */
export async function buildCli(folder = join(root, "dist")) {
  rmSync(join(folder, PARTS), { recursive: true, force: true });
  const { output } = await build({
    input: { main: join(src, "cli", "main.ts") },
    platform: "node",
    logLevel: "warn",
    external: staysPackage,
    // jsonc-parser's other form asks for its files in a way that no bundler follows.
    resolve: { mainFields: ["module", "main"] },
    plugins: [ownPlaces],
    output: {
      dir: folder,
      format: "esm",
      entryFileNames: "cli/[name].js",
      chunkFileNames: `${PARTS}/[name]-[hash].js`,
      sourcemap: true,
      minify: true,
    },
  });
  for (const { fileName } of output) if (fileName.endsWith(".map")) withoutSources(join(folder, fileName));
  return output.flatMap(({ moduleIds }) => moduleIds ?? []);
}

/** A map names the file and line an error comes from; the source itself is not needed for that and is most of its size. */
function withoutSources(file) {
  const { sourcesContent: _, ...map } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify(map));
}

/** A module that asks where it stands is told where tsc put it: both folders of bundled files are as deep as its own root. */
const ownPlaces = {
  name: "own-places",
  transform(code, id) {
    if (!id.startsWith(src) || !code.includes("import.meta.url")) return null;
    const place = relative(src, id).replaceAll("\\", "/").replace(/\.ts$/, ".js");
    // On its own line still, so that line numbers stay what they were.
    const moved = code.replaceAll("import.meta.url", `new URL(${JSON.stringify(`../${place}`)}, import.meta.url).href`);
    return { code: moved, map: null };
  },
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildCli(process.argv[2]);
}
