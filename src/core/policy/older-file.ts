/**
 * What claude-code-permissions-hook and its fork put around their rules: `[audit]`, `[logging]`, `[llm_fallback]`,
 * `[includes]`, and rules grouped in named sections. Its order of sections has no meaning here: the strictest wins.
 */

import { parseOlderLlm } from "./parse-settings.js";
import type { RuleKind } from "./policy.js";
import type { WrittenSettings } from "./policy-file.js";
import type { Report } from "./rule-report.js";
import { isTable, type TomlTable } from "./toml.js";
import type { TomlPath } from "./toml-positions.js";

export interface OlderFile {
  /** Top-level keys that belong to the older dialect. */
  readonly names: ReadonlySet<string>;
  readonly rules: readonly {
    readonly kind: RuleKind;
    readonly tables: unknown;
    readonly path: TomlPath;
    readonly enabled: boolean;
  }[];
  readonly includes: readonly { readonly files: unknown; readonly path: TomlPath }[];
  readonly llm?: WrittenSettings;
}

const SECTION_KEYS: readonly string[] = ["description", "priority", "enabled", "allow", "ask", "deny"];

export function olderSections(root: TomlTable, own: readonly string[], report: Report): OlderFile {
  const names = new Set<string>();
  const rules: OlderFile["rules"][number][] = [];
  const includes: OlderFile["includes"][number][] = [];
  let llm: WrittenSettings | undefined;
  for (const [name, table] of Object.entries(root)) {
    if (own.includes(name) || !isTable(table)) continue;
    if (name === "audit" || name === "logging") {
      names.add(name);
      const hint = "every decision is in `audit.jsonl` of claude-permit's home; `[settings.audit]` sets its limits";
      report.add([name], "older-ignored", { key: `[${name}]`, hint });
    } else if (name === "llm_fallback") {
      names.add(name);
      llm = parseOlderLlm(table, [name], report);
    } else if (name === "includes") {
      names.add(name);
      readOlderIncludes(table, includes, report);
    } else if (isTable(table) && ["allow", "ask", "deny"].some((kind) => Array.isArray(table[kind]))) {
      names.add(name);
      readSection(name, table, rules, report);
    }
  }
  return { names, rules, includes, ...(llm === undefined ? {} : { llm }) };
}

function readOlderIncludes(table: TomlTable, includes: OlderFile["includes"][number][], report: Report): void {
  for (const [key, files] of Object.entries(table)) {
    const path = ["includes", key];
    if (key !== "files") {
      report.add(path, "older-ignored", { key: `includes.${key}`, hint: "" });
      continue;
    }
    const list = Array.isArray(files) ? files : [files];
    // The fork's own example includes `.env`; a file of secrets is no policy file.
    const isPolicy = (file: unknown) => typeof file !== "string" || /\.toml$/i.test(file);
    if (!list.every(isPolicy)) {
      const other = list.find((file) => !isPolicy(file));
      report.add(path, "older-ignored", { key: `includes "${String(other)}"`, hint: "include `.toml` files only" });
    }
    includes.push({ files: list.filter(isPolicy), path });
  }
}

function readSection(name: string, table: TomlTable, rules: OlderFile["rules"][number][], report: Report): void {
  for (const key of Object.keys(table)) {
    if (!SECTION_KEYS.includes(key)) report.add([name, key], "unknown-key", { key, where: `[${name}]`, hint: "" });
  }
  for (const kind of ["deny", "ask", "allow"] as const) {
    const tables = table[kind];
    if (tables !== undefined) rules.push({ kind, tables, path: [name, kind], enabled: table["enabled"] !== false });
  }
}
