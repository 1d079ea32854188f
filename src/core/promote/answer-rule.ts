/**
 * Rules that say exactly what a person answered about one call: this call may run here, or must not run here. An allow
 * names every word and nothing else; what cannot be named so gets none, and the reason is told.
 */
import type { Effect } from "../decision.js";
import { wordSource } from "../generalise/closed-words.js";
import type { Evaluation, PartReport } from "../policy/evaluation.js";
import { escapeRegex } from "../policy/glob.js";
import type { TomlTable } from "../policy/toml.js";
import type { ShellPart } from "../shell/shell.js";
import { stringField, type ToolCall, toolShape } from "../tool-call.js";

export type AnswerRule =
  | {
      readonly kind: "rule";
      /** Without a name. */
      readonly conditions: TomlTable;
      /** A few words for its name. */
      readonly title: string;
      /** What it is about, for people. */
      readonly what: string;
    }
  | { readonly kind: "none"; readonly why: string };

/** @param evaluation with its detail. */
export function exactAllow(call: ToolCall, { detail }: Evaluation): AnswerRule {
  const shape = toolShape(call.tool);
  if (call.project === "") return none("it is not known in which project the call was made");
  const base = { tool: escapeRegex(call.tool), cwd: [call.project] };
  if (shape?.command === undefined) {
    const fields = exactFields(call);
    return fields === null
      ? none("its input is more than plain fields")
      : { kind: "rule", conditions: { ...base, fields }, title: call.tool, what: whatOf(call) };
  }
  const parts = runningParts(detail?.parts ?? []);
  const open = parts.filter(({ coveredBy }) => coveredBy === null);
  const sources: string[] = [];
  for (const { part, effect } of open) {
    const why = notExact(part, effect, parts.length);
    if (part === undefined || why !== "") return none(why);
    sources.push(part.argv.map(({ value }) => wordSource(value ?? "")).join(" "));
  }
  if (sources.length === 0) return none("no part of it can be named");
  const command = sources.length === 1 ? `^${sources[0]}$` : `^(?:${[...new Set(sources)].join("|")})$`;
  return {
    kind: "rule",
    conditions: { ...base, fields: { [shape.command.field]: command } },
    title: open[0]?.normalised ?? call.tool,
    what: `exactly ${[...new Set(open.map(({ text }) => `\`${text}\``))].join(" and ")}`,
  };
}

/** The deny may stop more spellings than the one that was seen: order of words, further flags. */
export function exactDeny(call: ToolCall, { detail }: Evaluation): AnswerRule {
  const shape = toolShape(call.tool);
  const cwd = call.project === "" ? {} : { cwd: [call.project] };
  const base = { tool: escapeRegex(call.tool), ...cwd };
  if (shape?.command === undefined) {
    const fields = exactFields(call) ?? {};
    return {
      kind: "rule",
      conditions: Object.keys(fields).length === 0 ? base : { ...base, fields },
      title: call.tool,
      what: whatOf(call),
    };
  }
  const [worst] = runningParts(detail?.parts ?? [])
    .filter(({ part }) => part?.program !== null)
    .toSorted((a, b) => harm(b) - harm(a));
  const part = worst?.part;
  if (part === undefined) return rawDeny(call, base, shape.command.field);
  const flags = part.flags.map(({ name }) => name);
  const args = part.args.flatMap(({ value }) => (value === null ? [] : [`^${escapeRegex(value)}$`]));
  const shell = {
    program: [part.program],
    ...(part.subcommand === null || part.subcommand === "" ? {} : { subcommand: [part.subcommand] }),
    ...(flags.length === 0 ? {} : { flags_all: [...new Set(flags)] }),
    ...(args.length === 0 ? {} : { args: [...new Set(args)] }),
    ...(part.pipeline.length === 0 ? {} : { in_pipeline_with: [...new Set(part.pipeline)] }),
  };
  const piped = part.pipeline.length === 0 ? "" : ` in a pipeline with ${part.pipeline.join(", ")}`;
  const what = `\`${part.normalised}\`${piped} with the options and words of \`${worst?.text ?? ""}\``;
  return { kind: "rule", conditions: { ...base, shell }, title: worst?.normalised ?? call.tool, what };
}

/** The whole text as it was, for a call whose parts cannot be named. */
export function rawDeny(call: ToolCall, base: TomlTable, field: string): AnswerRule {
  const text = stringField(call.input, field);
  if (text === undefined) return none("the call has no text");
  return {
    kind: "rule",
    conditions: { ...base, raw: true, fields: { [field]: `^${escapeRegex(text)}$` } },
    title: call.tool,
    what: `exactly \`${text}\``,
  };
}

function none(why: string): AnswerRule {
  return { kind: "none", why };
}

/** What runs: a wrapper that is harmless by itself is not asked about. */
function runningParts(parts: readonly PartReport[]): readonly PartReport[] {
  return parts.filter(({ part }) => part === undefined || (part.certainty === "certain" && !part.transparent));
}

/** Why an exact rule for this part would allow more than this part, "" when it would not. */
function notExact(part: ShellPart | undefined, effect: Effect | undefined, count: number): string {
  if (part === undefined || part.program === null) return "a part of it is not known";
  if (part.argv.some(({ value }) => value === null)) return `\`${part.normalised}\` has words that are not fixed`;
  if (part.via.length > 0) return `\`${part.normalised}\` is run by \`${part.via.join(" ")}\``;
  if (part.assigns.length > 0) return `\`${part.normalised}\` sets variables`;
  // What it reads there decides what it does, and a rule sees the words only.
  if (
    part.redirects.some(({ effect: way, target }) => way !== "dup" && way !== "close" && target?.value !== "/dev/null")
  ) {
    return `\`${part.normalised}\` reads from or writes to a file`;
  }
  const isOpaque = effect === "runs-code" || effect === "unknown";
  if (isOpaque && (count > 1 || part.pipeline.length > 0)) {
    return `\`${part.normalised}\` runs what the rest of the command gives it`;
  }
  return "";
}

const HARM: readonly (Effect | undefined)[] = [
  "reads",
  "writes-project",
  "network",
  "writes-outside",
  undefined,
  "unknown",
  "runs-code",
];

function harm({ effect, coveredBy }: PartReport): number {
  return HARM.indexOf(effect) + (coveredBy === null ? HARM.length : 0);
}

/** Of a tool without a command. */
function whatOf(call: ToolCall): string {
  const main = toolShape(call.tool)?.main;
  const text = main === undefined ? undefined : stringField(call.input, main);
  return `${call.tool} of \`${text ?? JSON.stringify(call.input)}\``;
}

const MAX_FIELDS = 12;

/** Fields that say which thing is meant; the others (contents, offsets) are free. `null`: not plain enough. */
function exactFields({ tool, input }: ToolCall): Readonly<Record<string, string>> | null {
  const shape = toolShape(tool);
  const named =
    shape === undefined ? Object.keys(input) : [shape.main, ...(shape.paths ?? []).map(({ field }) => field)];
  if (named.length > MAX_FIELDS) return null;
  const fields: Record<string, string> = {};
  for (const field of new Set(named)) {
    const value = Object.hasOwn(input, field) ? input[field] : undefined;
    if (value === undefined && shape !== undefined) continue;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return null;
    fields[field] = `^${escapeRegex(String(value))}$`;
  }
  return fields;
}
