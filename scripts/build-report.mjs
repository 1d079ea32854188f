// What the report needs from the build. Precompiles templates/ into dist/report-templates.cjs: functions for the engine's runtime, the style sheet, the script
// and their hashes: no template is ever compiled where reports are made, so no log text can become one. And puts the
// scales of the charts with what they use of d3 into one file, so that the installed package needs none of its packages.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import Handlebars from "handlebars";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where in a template something stands: an object made anew for every value of a page, of which only the message of an error has use. */
const PLACE = /,\s*(?:"loc":)?\{"start":\{[^{}]*\},"end":\{[^{}]*\}\}/g;

export function buildTemplates(folder = join(root, "dist")) {
  const templates = join(root, "templates");
  const read = (name) => readFileSync(join(templates, name), "utf8");
  const compiled = readdirSync(templates)
    .filter((name) => name.endsWith(".hbs"))
    .sort()
    .map((name) => {
      const text = read(name);
      // INVARIANT: no template asks for what the engine tells of a loop (`@index`) or for what is above it (`../`): the engine
      // would make the function of every block anew for every value.
      if (/\{\{[^}]*(?:@|\.\.\/)/.test(text)) throw new Error(`${name} asks for what stands around a block`);
      const options = { strict: true, preventIndent: true, knownHelpersOnly: true, data: false };
      const code = Handlebars.precompile(text, options).replace(PLACE, "");
      return `${JSON.stringify(basename(name, ".hbs"))}:${code}`;
    });
  const [style, script] = [read("report.css"), read("report.js")];
  const values = { style, styleHash: hash(style), script, scriptHash: hash(script) };
  const fields = Object.entries(values).map(([name, text]) => `${name}:${JSON.stringify(text)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report-templates.cjs"), `module.exports={${fields},templates:{${compiled}}};\n`);
}

export async function bundleScales(folder = join(root, "dist")) {
  const file = join(folder, "analyze", "report", "render", "chart", "scales.js");
  const { output } = await build({
    input: file,
    platform: "node",
    logLevel: "warn",
    write: false,
    output: { format: "esm", minify: true, codeSplitting: false },
  });
  writeFileSync(file, output[0].code);
}

/** As a Content-Security-Policy names it. */
function hash(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  buildTemplates();
  await bundleScales();
}
