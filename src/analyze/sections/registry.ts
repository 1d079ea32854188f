/** Every section of the report, in the order of reading. A new section is a file of its own and one line here. */
import { anomalies } from "./anomalies.js";
import { autoRules } from "./auto-rules.js";
import { commands } from "./commands.js";
import { coverage } from "./coverage.js";
import { denials } from "./denials.js";
import { gaps } from "./gaps.js";
import { highlights } from "./highlights.js";
import { llm } from "./llm.js";
import { nearMisses } from "./near-misses.js";
import { paths } from "./paths.js";
import { projects } from "./projects.js";
import { quality } from "./quality.js";
import { reroutes } from "./reroutes.js";
import { rules } from "./rules.js";
import { scorecard } from "./scorecard.js";
import type { SectionDefinition } from "./section.js";
import { sessions } from "./sessions.js";
import { suggestions } from "./suggestions.js";
import { tools } from "./tools.js";
import { trends } from "./trends.js";
import { trust } from "./trust.js";

export const SECTIONS: readonly SectionDefinition[] = [
  scorecard,
  highlights,
  trends,
  denials,
  llm,
  rules,
  autoRules,
  commands,
  paths,
  tools,
  gaps,
  coverage,
  suggestions,
  nearMisses,
  sessions,
  anomalies,
  trust,
  reroutes,
  projects,
  quality,
];

export type ChosenSections =
  | { readonly kind: "sections"; readonly sections: readonly SectionDefinition[] }
  | { readonly kind: "unknown"; readonly name: string; readonly known: readonly string[] };

/** Sections by name in the order of the report; no names = all. */
export function chooseSections(names: readonly string[]): ChosenSections {
  const known = SECTIONS.map((section) => section.id);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) return { kind: "unknown", name: unknown, known };
  return {
    kind: "sections",
    sections: names.length === 0 ? SECTIONS : SECTIONS.filter((section) => names.includes(section.id)),
  };
}
