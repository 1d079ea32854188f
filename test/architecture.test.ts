/** Holds the import directions and library owners of ARCHITECTURE.md against the code. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");

/** Folder below src -> folders it may import from. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  store: ["core"],
  llm: ["core"],
  hook: ["core", "store", "llm"],
  analyze: ["core", "store", "llm"],
  library: ["core", "store", "analyze"],
  cli: ["core", "store", "llm", "hook", "analyze", "library"],
};

/** Library -> the one file or folder below src that may import it. */
const OWNER: Readonly<Record<string, string>> = {
  "smol-toml": "core/policy/",
  "toml-eslint-parser": "core/policy/",
  "@eslint-community/regexpp": "core/policy/",
  "jsonc-parser": "store/",
  "@clack/prompts": "cli/ask.ts",
  minizlib: "analyze/scan/",
  "fast-string-width": "analyze/report/render/",
  picocolors: "",
  diff: "",
  "@modelcontextprotocol/sdk": "cli/mcp/",
  recheck: "core/policy/",
  "fastest-levenshtein": "core/policy/",
  unbash: "core/shell/",
  "proper-lockfile": "store/",
  "stream-json": "analyze/scan/",
  handlebars: "analyze/report/render/",
  marked: "analyze/report/summary/read-markdown.ts",
  "d3-scale": "analyze/report/render/chart/",
  "d3-shape": "analyze/report/render/chart/",
  "simple-statistics": "analyze/",
  "chrono-node": "analyze/",
  commander: "cli/",
  "@anthropic-ai/sdk": "llm/",
  undici: "llm/",
  "cli-progress": "cli/",
  "@duckdb/node-api": "analyze/engine/duckdb.ts",
  "@clickhouse/client": "analyze/engine/clickhouse.ts",
};
const ONE_FILE = new Set([
  "smol-toml",
  "toml-eslint-parser",
  "recheck",
  "unbash",
  "stream-json",
  "simple-statistics",
  "chrono-node",
  "handlebars",
  "marked",
  "d3-scale",
  "d3-shape",
  "proper-lockfile",
  "jsonc-parser",
  "@clack/prompts",
  "@anthropic-ai/sdk",
  "undici",
  "@duckdb/node-api",
  "@clickhouse/client",
]);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name));

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^"';]*?from\s*"([^"]+)"|(?<!typeof )import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
  );
  return [...found].map((match) => {
    const target = match[2] ?? match[3] ?? match[4] ?? "";
    const to = target.startsWith(".") ? relative(src, normalize(join(dirname(file), target))) : target;
    return { from: relative(src, file), to, typeOnly: match[1] !== undefined };
  });
});

const top = (path: string) => path.split("/")[0] ?? "";
const bare = (name: string) =>
  name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? "");

describe("import directions", () => {
  it("reads the code", () => expect(imports.length).toBeGreaterThan(50));

  it.each(Object.entries(MAY_IMPORT))("%s imports only what it may", (folder, allowed) => {
    const wrong = imports
      .filter((one) => top(one.from) === folder && top(one.to) in MAY_IMPORT && top(one.to) !== folder)
      .filter((one) => !allowed.includes(top(one.to)))
      .map((one) => `${one.from} -> ${one.to}`);
    expect(wrong).toEqual([]);
  });

  it("nothing imports the command line", () => {
    expect(imports.filter((one) => top(one.to) === "cli" && top(one.from) !== "cli")).toEqual([]);
  });

  it("core has no effects", () => {
    const effects = /^node:(fs|os|child_process|net|http|https|process|worker_threads|tty)/;
    expect(imports.filter((one) => top(one.from) === "core" && effects.test(one.to))).toEqual([]);
    const impure = files
      .filter((file) => relative(src, file).startsWith("core/"))
      .filter((file) => /\b(process\.|console\.|Date\.now\(|Math\.random\()/.test(code(readFileSync(file, "utf8"))))
      .map((file) => relative(src, file));
    expect(impure).toEqual([]);
  });
});

describe("library owners", () => {
  it.each(Object.entries(OWNER))("%s is imported below %s only", (library, owner) => {
    const importers = [...new Set(imports.filter((one) => bare(one.to) === library).map((one) => one.from))];
    expect(importers.filter((file) => !file.startsWith(owner))).toEqual([]);
    if (ONE_FILE.has(library)) expect(importers.length).toBeLessThanOrEqual(1);
  });

  it("zod stays in schema files", () => {
    const wrong = imports.filter((one) => one.to === "zod" && !one.typeOnly && !one.from.endsWith(".schema.ts"));
    expect(wrong.map((one) => one.from)).toEqual([]);
  });

  it("the hook's entry never reaches a schema or a package", () => {
    const seen = new Set<string>();
    const reached: string[] = [];
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const one of imports) {
        if (one.from !== file || one.typeOnly) continue;
        if (one.to.endsWith(".js")) visit(one.to.replace(/\.js$/, ".ts"));
        else if (!one.to.startsWith("node:")) reached.push(`${file} -> ${one.to}`);
      }
    };
    for (const entry of [
      "hook/hook-entry.ts",
      "hook/hook-run.ts",
      "core/audit/redact.ts",
      "store/rotate.ts",
      "hook/llm/consult-here.ts",
    ])
      visit(entry);
    expect(seen.size).toBeGreaterThan(40);
    expect(reached).toEqual([]);
    expect([...seen].filter((file) => file.endsWith(".schema.ts"))).toEqual([]);
  });
});

describe("house style", () => {
  it("every module opens by saying what it is for", () => {
    const silent = files.filter((file) => !/^(#!.*\n)?\/\*\*|^(#!.*\n)?\/\//.test(readFileSync(file, "utf8")));
    expect(silent.map((file) => relative(src, file))).toEqual([]);
  });

  it("process.exit is nowhere, process.exitCode in two files at most", () => {
    const exits = files.filter((file) => /process\.exit\(/.test(code(readFileSync(file, "utf8"))));
    expect(exits.map((file) => relative(src, file))).toEqual([]);
    const codes = files.filter((file) => /process\.exitCode\s*=/.test(code(readFileSync(file, "utf8"))));
    expect(codes.length).toBeLessThanOrEqual(2);
  });

  it("file names are kebab-case", () => {
    const wrong = files.map((file) => relative(src, file)).filter((file) => !/^[a-z0-9/-]+(\.schema)?\.ts$/.test(file));
    expect(wrong).toEqual([]);
  });
});

/** Source without comments and string contents, so that a word in a sentence is not mistaken for code. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "");
}
