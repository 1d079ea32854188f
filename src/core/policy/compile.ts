/**
 * Policy files -> one policy that can judge calls: ids, the trust boundary, settings of all layers, the index and the
 * hash. It looks at rules together; what one rule says was checked when its file was read.
 */
import { problem } from "../errors.js";
import type { WrapperDeclaration } from "../shell/shell.js";
import { canonicalHash } from "./canonical.js";
import { expiredRules } from "./expired.js";
import type { Guarded, Policy, PolicySource, Problem, Rule, Settings, SourcePosition } from "./policy.js";
import type { FileRule, PolicyFile } from "./policy-file.js";
import { conditionsOf, derivedId } from "./rule-identity.js";
import { indexRules } from "./rule-index.js";
import { DEFAULT_SETTINGS, mergeSettings } from "./settings.js";

export const MAX_RULES = 10_000;

export interface CompileOptions {
  /** Version of claude-permit. */
  readonly engine: string;
  readonly guarded: Guarded;
  /** Milliseconds since the epoch; when given, rules that have expired are told. */
  readonly now?: number;
}

/** Files in the order they were read, an including file before what it includes. */
export function compilePolicy(files: readonly PolicyFile[], options: CompileOptions): Policy {
  const problems: Problem[] = [];
  const counted = files.flatMap((file) => countedRules(file, problems));
  if (counted.length > MAX_RULES) {
    const place = counted[MAX_RULES]?.source ?? {};
    problems.push(problem("too-many-rules", { count: String(counted.length), limit: String(MAX_RULES) }, place));
  }
  const rules = withIds(counted.slice(0, MAX_RULES), problems);
  if (options.now !== undefined) problems.push(...expiredRules(rules, options.now));
  const wrappers = files.filter((file) => file.layer !== "project").flatMap((file) => file.wrappers);
  return assemble(rules, mergeSettings(files), wrappers, files.map(sourceOf), problems, "ok", options);
}

/**
 * What stands in for files that cannot be used: the deny and ask rules of the last good policy and its settings
 * (SPEC section 2). No rule allows.
 */
export function brokenPolicy(lastGood: Policy | null, problems: readonly Problem[], options: CompileOptions): Policy {
  const kept = (lastGood?.rules ?? []).filter(
    ({ kind }) => kind === "deny" || kind === "ask" || kind === "deny_promote",
  );
  const rules = kept.map((rule, index) => ({ ...rule, index }));
  const settings = lastGood?.settings ?? DEFAULT_SETTINGS;
  return assemble(rules, settings, lastGood?.wrappers ?? [], lastGood?.sources ?? [], problems, "broken", options);
}

function assemble(
  rules: readonly Rule[],
  settings: Settings,
  wrappers: readonly WrapperDeclaration[],
  sources: readonly PolicySource[],
  problems: readonly Problem[],
  state: Policy["state"],
  { engine, guarded }: CompileOptions,
): Policy {
  const deciding = {
    state,
    rules: rules.map((rule) => [rule.id, rule.layer, rule.trusted, conditionsOf(rule)]),
    wrappers,
    settings: decidingSettings(settings),
  };
  const hash = canonicalHash(deciding, 16);
  return {
    format: 1,
    engine,
    hash,
    state,
    problems,
    sources,
    rules,
    ...indexRules(rules),
    settings,
    wrappers,
    guarded,
  };
}

/** Settings that change an answer; limits of the log, alerts and reports do not. */
function decidingSettings({ fail, onYellow, unattended, autoMode, llm }: Settings) {
  const { enabled, backend, model, baseUrl, onError, promote, promoteAfter, promoteConfirmed } = llm;
  return {
    fail,
    onYellow,
    unattended,
    autoMode,
    llm: { enabled, backend, model, baseUrl, onError, promote, promoteAfter, promoteConfirmed },
  };
}

/** A project file comes from a stranger: until trusted, and while it has errors, only its deny and ask rules count. */
function countedRules(file: PolicyFile, problems: Problem[]): readonly FileRule[] {
  const enabled = file.rules.filter((rule) => rule.enabled);
  if (file.layer !== "project" || (file.trusted && file.sound)) return enabled;
  const counted = enabled.filter(({ kind }) => kind === "deny" || kind === "ask");
  const waiting = enabled.length - counted.length;
  if (waiting > 0) {
    const code = file.sound ? "untrusted-allow" : "unsound-allow";
    problems.push(problem(code, { count: String(waiting) }, { file: file.file }));
  }
  return counted;
}

/** A rule whose name or conditions were seen before is left out, with a problem at the second one. */
function withIds(rules: readonly FileRule[], problems: Problem[]): readonly Rule[] {
  const known = new Map<string, FileRule>();
  const kept: Rule[] = [];
  for (const fileRule of rules) {
    const { enabled: _, ...rule } = fileRule;
    const id = fileRule.name ?? derivedId(fileRule);
    const first = known.get(id);
    if (first === undefined) {
      known.set(id, fileRule);
      kept.push({ ...rule, index: kept.length, id });
    } else {
      problems.push(duplicateOf(first, fileRule, id));
    }
  }
  return kept;
}

function duplicateOf(first: FileRule, second: FileRule, id: string): Problem {
  const at = placeText(first.source);
  const place = { ...second.source, rule: id };
  if (first.name === undefined && second.name === undefined) return problem("duplicate-rule", { first: at }, place);
  const found = problem("duplicate-name", { name: id, first: at }, place);
  return second.layer === "project" ? { ...found, severity: "warning" } : found;
}

export function placeText({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

function sourceOf(file: PolicyFile): PolicySource {
  const { layer, trusted, includedFrom } = file;
  return { file: file.file, layer, present: true, trusted, ...(includedFrom === undefined ? {} : { includedFrom }) };
}
