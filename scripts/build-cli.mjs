// Puts the command line into few files: dist/cli/main.js and the parts of it in dist/cli-parts/, CommonJS files of which
// each is loaded when something of it is used. They take the place of what tsc wrote into dist/cli/, which runs as well,
// but starts at twice the cost.
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
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
  "minizlib",
  "picocolors",
  "proper-lockfile",
  "simple-statistics",
  "smol-toml",
  "stream-json",
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

/**
 * Parts of their own: what is large and of which many runs use nothing. All else rolldown parts by who imports it. A part
 * is loaded when it is used, so parts that import each other do no harm.
 */
const OWN_PARTS = [
  [/node_modules\/zod\//, "zod"],
  [/node_modules\/unbash\//, "unbash"],
  [/node_modules\/@eslint-community\/regexpp\//, "regexpp"],
  [/node_modules\/(toml-eslint-parser|eslint-visitor-keys)\//, "toml-eslint-parser"],
  [/node_modules\/smol-toml\/|src\/core\/policy\/toml\.ts$/, "toml"],
  [/node_modules\/d3-/, "d3"],
  [/src\/core\/policy\/(parse|toml|compile|regex|places|contradictions|lint|check)[^/]*\.ts$/, "compile-policy"],
  [/src\/core\/policy\/policy\.schema\.ts$/, "policy-schema"],
  [/src\/core\/shell\/programs\//, "programs"],
  [/src\/core\/shell\//, "shell"],
];

function partOf(id) {
  return OWN_PARTS.find(([test]) => test.test(id))?.[1] ?? null;
}

const STARTED = "cli/main.js";
const PARTS = "cli-parts";

/** @returns the files of packages that went into it. */
export async function buildCli(folder = join(root, "dist")) {
  const { output } = await build({
    input: { main: join(src, "cli", "main.ts") },
    platform: "node",
    logLevel: "warn",
    external: staysPackage,
    preserveEntrySignatures: false,
    // jsonc-parser's other form asks for its files in a way that no bundler follows.
    resolve: { mainFields: ["module", "main"] },
    plugins: [ownPlaces],
    write: false,
    output: {
      dir: folder,
      format: "cjs",
      entryFileNames: STARTED,
      chunkFileNames: `${PARTS}/[name]-[hash].cjs`,
      dynamicImportInCjs: false,
      codeSplitting: { groups: [{ name: partOf, debugName: "own parts" }], includeDependenciesRecursively: false },
      exports: "named",
      sourcemap: true,
      minify: true,
    },
  });
  for (const place of ["cli", PARTS]) {
    rmSync(join(folder, place), { recursive: true, force: true });
    mkdirSync(join(folder, place), { recursive: true });
  }
  for (const file of output) writeFileSync(join(folder, file.fileName), await contentOf(file, output));
  chmodSync(join(folder, STARTED), 0o755);
  // The package's own says that its files are ES modules.
  writeFileSync(join(folder, "cli", "package.json"), '{ "type": "commonjs" }\n');
  return output.flatMap(({ moduleIds }) => moduleIds ?? []);
}

/** What is started begins by putting the loader of parts in the place of `require`. */
async function contentOf(file, output) {
  if (file.type === "asset") return mapOf(file);
  if (file.fileName !== STARTED) return asFunction(ascii(file.code));
  const [shebang, ...lines] = file.code.split("\n");
  return [shebang, await launcher(output), ...lines].join("\n");
}

/** As `load-parts.ts` runs it. */
function asFunction(code) {
  return `module.exports=(function(require,exports,__filename,__dirname){\n${code}\n})`;
}

/** A map names the file and line an error comes from; the source itself is not needed for that and is most of its size. */
function mapOf({ source }) {
  const { sourcesContent: _, ...map } = JSON.parse(source);
  // Of what is started and of parts alike, the first line is the loader's.
  return JSON.stringify({ ...map, mappings: `;${map.mappings}` });
}

/** On one line. */
async function launcher(chunks) {
  const texts = chunks.map(({ code, source }) => code ?? source).join("\0");
  const name = createHash("sha256").update(texts).digest("hex").slice(0, 16);
  const { output } = await build({
    input: join(src, "cli", "parts", "launch.ts"),
    platform: "node",
    logLevel: "warn",
    write: false,
    transform: { define: { CLAUDE_PERMIT_BUILD: JSON.stringify(name) } },
    output: { format: "cjs", minify: true, exports: "named", codeSplitting: false },
  });
  const parts = chunks
    .filter(({ type, fileName }) => type === "chunk" && fileName.startsWith(PARTS))
    .map(({ fileName, exports }) => [fileName.slice(PARTS.length + 1), exports]);
  const text = output[0].code.trim();
  if (text.includes("\n")) throw new Error("the loader of parts takes more than one line, so maps would be wrong");
  return `require=(exports=>{${text};return exports.launch})({})(__filename,${JSON.stringify(Object.fromEntries(parts))},require);`;
}

/** One byte a character, which is read fastest. Only strings and regexes hold others. */
function ascii(code) {
  return code.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A module that asks where it stands is told where tsc put it; a package of ours is asked for where it lies. */
const ownPlaces = {
  name: "own-places",
  transform(code, id) {
    if (!id.startsWith(src) || !code.includes("import.meta.url")) return null;
    const place = relative(src, id).replaceAll("\\", "/").replace(/\.ts$/, ".js");
    const own = `(__dirname + ${JSON.stringify(`/../${place}`)})`;
    const packages = posix.relative(dirname(place), "packages");
    // On its own line still, so that line numbers stay what they were.
    const moved = code
      .replaceAll("createRequire(import.meta.url)", `createRequire(${own})`)
      .replaceAll("import.meta.url", `process.getBuiltinModule("node:url").pathToFileURL(${own}).href`)
      .replace(/"#packages\/([\w-]+)"/g, (_, name) => JSON.stringify(`${packages}/${name}.cjs`));
    return { code: moved, map: null };
  },
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildCli(process.argv[2]);
}
