/**
 * The texts of the policy files that may be changed, and the rules in them, also while several changes follow one
 * another. Built-in rules, the managed file and a project's file are not among them, whatever is asked.
 */
import { isAbsolute, resolve } from "node:path";
import { builtinRules } from "../../core/policy/guard-finding.js";
import { parsePolicyFile } from "../../core/policy/parse-policy-file.js";
import type { Layer, Rule, RuleKind } from "../../core/policy/policy.js";
import { derivedId } from "../../core/policy/rule-identity.js";
import { nameHint } from "../../core/policy/suggest-name.js";
import { rulePaths } from "../../core/policy/toml-edit.js";
import type { TomlPath } from "../../core/policy/toml-tree.js";
import type { LoadedPolicy } from "../../store/load-policy.js";
import type { Locations } from "../../store/locations.js";
import { readPolicyText } from "../../store/policy-change.js";
import { QueryFault } from "../query/query-fault.js";

const EDITABLE: readonly Layer[] = ["user", "auto", "config"];

export interface FoundRule {
  readonly file: string;
  readonly path: TomlPath;
  readonly kind: RuleKind;
  readonly enabled: boolean;
}

interface PolicyText {
  readonly layer: Layer;
  /** `null`: there is no file. */
  readonly before: string | null;
  text: string;
}

export class PolicyTexts {
  readonly #files = new Map<string, PolicyText>();
  readonly #locations: Locations;
  readonly #inForce: readonly Rule[];

  constructor(locations: Locations, { sources, policy }: LoadedPolicy) {
    this.#locations = locations;
    this.#inForce = policy.rules;
    for (const { file, layer } of sources) {
      if (!EDITABLE.includes(layer)) continue;
      const before = readPolicyText(file);
      this.#files.set(file, { layer, before, text: before ?? "" });
    }
  }

  /** Files that say something else now. */
  get changed(): readonly { readonly file: string; readonly before: string | null; readonly after: string }[] {
    return [...this.#files]
      .filter(([, { before, text }]) => text !== (before ?? ""))
      .map(([file, { before, text }]) => ({ file, before, after: text }));
  }

  /** `undefined` is the main file, `auto` the one of promoted rules. */
  fileOf(asked: string | undefined, cwd: string): string {
    const [main] = [...this.#files].filter(([, { layer }]) => layer !== "auto").map(([file]) => file);
    const named = asked === undefined ? main : asked === "auto" ? this.#locations.autoRules : absolute(asked, cwd);
    if (named !== undefined && this.#files.has(named)) return named;
    throw new QueryFault("invalid_query", `\`${asked ?? ""}\` is not a policy file of yours`, {
      path: "file",
      hint: `one of ${[...this.#files.keys()].join(", ")}`,
    });
  }

  text(file: string): string {
    return this.#files.get(file)?.text ?? "";
  }

  write(file: string, text: string): void {
    const known = this.#files.get(file);
    if (known !== undefined) known.text = text;
  }

  /** A rule by its id; a fault says where it stands when it is none of these files'. */
  rule(id: string): FoundRule {
    const found = this.#all().filter((one) => one.id === id);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) {
      throw new QueryFault("invalid_query", `${found.length} rules have the id \`${id}\``, {
        path: "id",
        hint: `give them names: ${found.map(({ file }) => file).join(", ")}`,
      });
    }
    const elsewhere = [...builtinRules(), ...this.#inForce].find((rule) => rule.id === id);
    if (elsewhere !== undefined) {
      const whose = elsewhere.layer === "builtin" ? "built in" : `of the ${elsewhere.layer} file`;
      throw new QueryFault("invalid_query", `the rule \`${id}\` is ${whose} and cannot be changed from here`, {
        path: "id",
        hint: elsewhere.layer === "project" ? `edit ${elsewhere.source.file}` : "",
      });
    }
    const names = this.#all().map((one) => one.id);
    throw new QueryFault("invalid_query", `there is no rule \`${id}\``, { path: "id", hint: nameHint(id, names) });
  }

  /** Disabled ones too. */
  #all(): readonly (FoundRule & { readonly id: string })[] {
    return [...this.#files].flatMap(([file, { layer, text }]) => {
      const baseFolder = layer === "config" ? "" : this.#locations.claudeDir;
      const parsed = parsePolicyFile(text, { file, layer, baseFolder, trusted: true }).policyFile?.rules ?? [];
      return rulePaths(text).flatMap(({ path, kind, name, line, table }) => {
        const rule = parsed.find((one) => one.source.line === line && one.kind === kind);
        const id = name ?? (rule === undefined ? undefined : derivedId(rule));
        return id === undefined ? [] : [{ id, file, path, kind, enabled: table["enabled"] !== false }];
      });
    });
  }
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}
