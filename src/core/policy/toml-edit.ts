/**
 * Changes rules and settings in the text of a policy file and leaves every other byte as it is: comments, order,
 * spaces, line ends. It proves each edit by reading the result back: exactly the named change and no other, or it
 * refuses. Whether the new rules are good ones is not its business.
 */
import { canonicalText } from "./canonical.js";
import { RULE_KINDS } from "./parse-policy-file.js";
import type { RuleKind } from "./policy.js";
import { isTable, parseToml, type TomlTable } from "./toml.js";
import { readTomlLayout, type Splice, type TomlLayout } from "./toml-layout.js";
import { tomlPositions } from "./toml-positions.js";
import { spliceAppend, spliceRemove, spliceSet } from "./toml-splice.js";
import type { TomlPath } from "./toml-tree.js";
import { tomlRule, tomlValue } from "./toml-write.js";

export type TomlEdit =
  | { readonly kind: "edited"; readonly text: string }
  | { readonly kind: "refused"; readonly detail: string };

/** A rule by its name (or older `id`), else by its place as `rulePaths` tells it. */
export type RuleRef = { readonly name: string; readonly kind?: RuleKind } | { readonly path: TomlPath };

/** One rule of a file as written. */
export interface WrittenRule {
  readonly path: TomlPath;
  readonly kind: RuleKind;
  readonly name?: string;
  /** 1-based line of its header; compiled rules name the same. */
  readonly line: number;
  readonly table: TomlTable;
}

/** Puts a rule at the end of the file; keys are written in the order given, sub-tables last. */
export function addRule(text: string, kind: RuleKind, rule: TomlTable): TomlEdit {
  return edit(text, (layout, before) => {
    const list = layout.blocks[0]?.pairs.find(({ path }) => path.length === 1 && path[0] === kind)?.value;
    const after = { ...before, [kind]: [...listAt(before, kind), rule] };
    if (list?.kind === "list") {
      const item = tomlValue(rule);
      return item === undefined ? undefined : { splices: spliceAppend(layout, list, item), after };
    }
    const lines = tomlRule(kind, rule);
    return lines === undefined ? undefined : { splices: [appended(layout, lines)], after };
  });
}

/** Puts rules that are written already, with their comments, at the end of the file. */
export function addRuleText(text: string, rules: string): TomlEdit {
  const added = parseToml(rules, "");
  if (added.kind === "problem") return refused(added.problem.message);
  return edit(text, (layout, before) => {
    const after: Record<string, unknown> = { ...before };
    for (const [kind, list] of Object.entries(added.table)) {
      if (!RULE_KINDS.some((one) => one === kind) || !Array.isArray(list)) return undefined;
      after[kind] = [...listAt(before, kind), ...list];
    }
    const lines = rules
      .replace(/^(?:[ \t]*\r?\n)+/, "")
      .trimEnd()
      .split(/\r?\n/);
    return { splices: [appended(layout, lines)], after };
  });
}

/** Sets keys of a rule; a table (`shell`, `fields`) is changed key by key; `null` removes a key. */
export function updateRule(text: string, ref: RuleRef, changes: TomlTable): TomlEdit {
  const path = pathOf(text, ref);
  return typeof path === "string" ? refused(path) : setKeys(text, path, changes);
}

export function removeRule(text: string, ref: RuleRef): TomlEdit {
  const path = pathOf(text, ref);
  return typeof path === "string" ? refused(path) : removeKey(text, path);
}

export function toggleRule(text: string, ref: RuleRef, enabled: boolean): TomlEdit {
  return updateRule(text, ref, { enabled });
}

/** One key at its place, `["settings", "llm", "enabled"]`; tables on the way are made when they are missing. */
export function setKey(text: string, path: TomlPath, value: unknown): TomlEdit {
  return edit(text, (layout, before) => {
    const splices = spliceSet(layout, path, value);
    return splices === undefined ? undefined : { splices, after: changed(before, path, value) };
  });
}

/** The key, the table or the list item and everything in it. */
export function removeKey(text: string, path: TomlPath): TomlEdit {
  return edit(text, (layout, before) => {
    const splices = spliceRemove(layout, path);
    return splices === undefined ? undefined : { splices, after: changed(before, path, undefined) };
  });
}

/** Several keys below `path`, tables key by key; all or none. */
export function setKeys(text: string, path: TomlPath, changes: TomlTable): TomlEdit {
  let result: TomlEdit = { kind: "edited", text };
  for (const [key, value] of Object.entries(changes)) {
    const at = [...path, key];
    if (value === null) {
      if (valueAt(result.text, at) !== undefined) result = removeKey(result.text, at);
    } else if (isTable(value)) result = setKeys(result.text, at, value);
    else result = setKey(result.text, at, value);
    if (result.kind === "refused") return result;
  }
  return result;
}

/** Every rule of a file in the order of kinds, also those in sections of the older dialect; none in broken text. */
export function rulePaths(text: string): readonly WrittenRule[] {
  const toml = parseToml(text, "");
  const places = tomlPositions(text);
  if (toml.kind === "problem" || places.kind === "invalid") return [];
  const found: WrittenRule[] = [];
  const collect = (table: TomlTable, base: TomlPath): void => {
    for (const kind of RULE_KINDS) {
      for (const [index, rule] of listAt(table, kind).entries()) {
        if (!isTable(rule)) continue;
        const path = [...base, kind, index];
        const name = rule["name"] ?? rule["id"];
        const line = places.positions(path).line;
        found.push({ path, kind, line, table: rule, ...(typeof name === "string" ? { name } : {}) });
      }
    }
  };
  collect(toml.table, []);
  for (const [section, table] of Object.entries(toml.table)) if (isTable(table)) collect(table, [section]);
  return found;
}

/** What a text says at a path, `undefined` when nothing. */
export function valueAt(text: string, path: TomlPath): unknown {
  const toml = parseToml(text, "");
  let value: unknown = toml.kind === "table" ? toml.table : undefined;
  for (const step of path) {
    value = Array.isArray(value) ? value[Number(step)] : isTable(value) ? value[step] : undefined;
  }
  return value;
}

function pathOf(text: string, ref: RuleRef): TomlPath | string {
  if ("path" in ref) return ref.path;
  const found = rulePaths(text).filter(
    ({ name, kind }) => name === ref.name && (ref.kind === undefined || ref.kind === kind),
  );
  const [only] = found;
  if (only === undefined) return `no rule \`${ref.name}\` in this file`;
  return found.length === 1 ? only.path : `${found.length} rules are named \`${ref.name}\``;
}

interface Plan {
  readonly splices: readonly Splice[];
  /** What the text has to say afterwards. */
  readonly after: unknown;
}

/** INVARIANT: a text that does not read back as planned never leaves here. */
function edit(text: string, plan: (layout: TomlLayout, before: TomlTable) => Plan | undefined): TomlEdit {
  const before = parseToml(text, "");
  if (before.kind === "problem") return refused(before.problem.message);
  const layout = readTomlLayout(text);
  const planned = layout === undefined ? undefined : plan(layout, before.table);
  if (layout === undefined || planned === undefined) return refused("there is no place in this file to write it to");
  const result = layout.splice(planned.splices);
  const after = parseToml(result, "");
  if (after.kind === "problem" || readTomlLayout(result) === undefined || same(after.table) !== same(planned.after))
    return refused("the file is written in a way that cannot be edited in place");
  return { kind: "edited", text: result };
}

function refused(detail: string): TomlEdit {
  return { kind: "refused", detail };
}

/** Dates by their text; a list or table that became empty counts as gone. */
function same(value: unknown): string {
  return canonicalText(
    JSON.parse(
      JSON.stringify(value, (_, inner: unknown) =>
        isTable(inner) ? Object.fromEntries(Object.entries(inner).filter(([, one]) => !isEmpty(one))) : inner,
      ),
    ),
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    (Array.isArray(value) && value.length === 0) ||
    (isTable(value) && Object.values(value).every(isEmpty))
  );
}

/** The values with one of them set, or gone. */
function changed(value: unknown, path: TomlPath, to: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (Array.isArray(value)) {
    const next = value.map((item: unknown, index) => (index === step ? changed(item, rest, to) : item));
    return to === undefined && rest.length === 0 ? next.filter((_, index) => index !== step) : next;
  }
  const table = isTable(value) ? value : {};
  return { ...table, [step]: changed(table[step], rest, to) };
}

function listAt(table: TomlTable, key: string): readonly unknown[] {
  const list = table[key];
  return Array.isArray(list) ? list : [];
}

function appended(layout: TomlLayout, lines: readonly string[]): Splice {
  const needsGap = layout.text.trim() !== "" && !/\n[ \t]*\r?\n$/.test(layout.text);
  return layout.linesAfter(layout.text.length, needsGap ? ["", ...lines] : lines);
}
