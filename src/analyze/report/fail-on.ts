/** `--fail-on 'deny>0,passthrough>30%'`: conditions on a report's figures, for scripts that stop on a finding. */
import type { Report } from "./report.schema.js";
import { share } from "./shape.js";

type Comparison = ">" | ">=" | "<" | "<=" | "=";

export interface FailCondition {
  readonly text: string;
  readonly figure: string;
  readonly comparison: Comparison;
  readonly bound: number;
  /** Compare the share of all decisions, not the count. */
  readonly isShare: boolean;
}

export type FailOn =
  | { readonly kind: "conditions"; readonly conditions: readonly FailCondition[] }
  | { readonly kind: "problem"; readonly message: string; readonly hint: string };

/** Names as typed -> figure of the scorecard. */
const FIGURES: Readonly<Record<string, string>> = {
  allow: "approved",
  approved: "approved",
  ask: "asked",
  asked: "asked",
  deny: "blocked",
  blocked: "blocked",
  passthrough: "left_alone",
  error_passthrough: "unsafe",
  unsafe: "unsafe",
  prompts: "prompts",
  failed: "failed",
  rejected: "rejected",
};
/** Not a figure of the scorecard: lines that could not be read. */
const UNUSABLE = "unusable";

export function parseFailOn(text: string): FailOn {
  const conditions: FailCondition[] = [];
  const names = [...Object.keys(FIGURES), UNUSABLE];
  for (const part of text.split(",").map((one) => one.trim())) {
    const match = /^([a-z_]+)\s*(>=|<=|>|<|=)\s*(\d+(?:\.\d+)?)(%?)$/.exec(part);
    const name = match?.[1] ?? "";
    const figure = name === UNUSABLE ? UNUSABLE : Object.hasOwn(FIGURES, name) ? FIGURES[name] : undefined;
    if (match === null || figure === undefined) {
      const message = `\`${part}\` is not a condition`;
      return { kind: "problem", message, hint: `write \`deny>0\` or \`passthrough>30%\`; names: ${names.join(", ")}` };
    }
    const isShare = match[4] === "%";
    const bound = Number(match[3]) / (isShare ? 100 : 1);
    conditions.push({ text: part, figure, comparison: match[2] as Comparison, bound, isShare });
  }
  return { kind: "conditions", conditions };
}

/** The conditions that are crossed. A figure without data crosses nothing. */
export function crossedConditions(report: Report, conditions: readonly FailCondition[]): readonly FailCondition[] {
  const figures = report.sections["scorecard"]?.figures ?? {};
  const valueIn = (name: string): number | null => {
    const value = name === UNUSABLE ? report.completeness.unusable : figures[name]?.value;
    return typeof value === "number" ? value : null;
  };
  return conditions.filter(({ figure, comparison, bound, isShare }) => {
    const count = valueIn(figure);
    const value = count === null || !isShare ? count : share(count, valueIn("calls") ?? 0);
    return value !== null && compare(value, comparison, bound);
  });
}

function compare(value: number, comparison: Comparison, bound: number): boolean {
  switch (comparison) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case "=":
      return value === bound;
    default:
      return comparison satisfies never;
  }
}
