/** `config`: the policy in force, whole or one section of it, and the files it was read from. */
import type { Policy, PolicySource, Rule, RuleKind, Settings } from "../../../core/policy/policy.js";
import { isTable } from "../../../core/policy/toml.js";
import { createRuleTexts, type RuleText } from "../../rule-text.js";
import { type QueryOf, SECTION_ALIASES, type Section } from "../query.schema.js";
import { policyFault } from "../query-fault.js";
import type { Answer, QueryWorld } from "../world.js";
import { KINDS, ruleInWords } from "./rule.js";

export function queryConfig(asked: QueryOf<"config">, world: QueryWorld): Answer {
  const policy = world.policyFor(world.cwd);
  if (policy.state === "broken") throw policyFault(policy.problems);
  const textOf = createRuleTexts(world.readText);
  if (asked.section !== undefined) return { result: sectionOf(policy, SECTION_ALIASES[asked.section], textOf) };
  if (asked.sources === true && asked.full !== true) return { result: sourcesOf(policy.sources) };
  const { settings, hash, state } = policy;
  const rules = Object.fromEntries(KINDS.map((kind) => [kind, rulesOf(policy, kind, textOf)]));
  return {
    result: {
      policy: hash,
      state,
      ...sourcesOf(policy.sources),
      settings: settingsInWords(settings),
      ...rules,
      wrapper: policy.wrappers,
    },
  };
}

function sectionOf(policy: Policy, section: Section, textOf: (rule: Rule) => RuleText): unknown {
  switch (section) {
    case "settings":
      return settingsInWords(policy.settings);
    case "llm":
    case "audit":
    case "alerts":
    case "notify":
    case "report":
      return settingsInWords(policy.settings[section]);
    case "wrapper":
      return policy.wrappers;
    case "include":
      return sourcesOf(policy.sources);
    default:
      return rulesOf(policy, section, textOf);
  }
}

function rulesOf({ rules }: Policy, kind: RuleKind, textOf: (rule: Rule) => RuleText): readonly unknown[] {
  return rules.filter((rule) => rule.kind === kind).map((rule) => ruleInWords(rule, textOf(rule).conditions));
}

function sourcesOf(sources: readonly PolicySource[]): Readonly<Record<string, unknown>> {
  const files = sources.filter(({ includedFrom }) => includedFrom === undefined);
  const includes = (file: string) => sources.filter(({ includedFrom }) => includedFrom === file).map((one) => one.file);
  const user = files.find(({ layer, present }) => present && (layer === "user" || layer === "config"));
  return {
    base: user?.file ?? null,
    includes: sources.flatMap(({ file, includedFrom }) => (includedFrom === undefined ? [] : [file])),
    files: files.map(({ file, layer, present, trusted }) => ({
      file,
      layer,
      present,
      trusted,
      includes: includes(file),
    })),
  };
}

/** With the spelling of the file; times in milliseconds say so in their names. */
function settingsInWords(settings: Settings | Settings[keyof Settings]): unknown {
  if (Array.isArray(settings) || !isTable(settings)) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      key === "redact"
        ? regexSources(value)
        : isTable(value)
          ? settingsInWords(value as Settings[keyof Settings])
          : value,
    ]),
  );
}

function regexSources(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one: unknown) => (isTable(one) ? one["source"] : one)) : value;
}
