/** Rules that past answers speak for, each with its proof, and rules that could go. Nothing here was applied. */
import { rowsOf } from "../cubes/fold.js";
import type { Row, Table } from "../report/report.schema.js";
import { compareBytes, grouped, plural } from "../report/shape.js";
import { removalsOf } from "../suggest/removals.js";
import type { Removal, Suggestion, Suggestions } from "../suggest/suggestion.js";
import { rowTable } from "./build-table.js";
import { CALL_COLUMNS, code, figure, keyCell } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const suggestions: SectionDefinition = {
  id: "suggestions",
  build(context) {
    const { suggestions: found, policy, redundant, cubes } = context;
    const hit = new Set(rowsOf(cubes, "rules").map((row) => row.keys.rule ?? ""));
    const removals = policy === undefined || redundant === undefined ? null : removalsOf(policy, hit, redundant);
    const known = <T>(value: (found: Suggestions) => T): T | null => (found === undefined ? null : value(found));
    return {
      title: "Suggestions",
      about:
        "Rules that past answers speak for, mined on the older sessions and tried on the newest. Nothing is applied.",
      figures: {
        suggestions: figure(
          "suggested rules",
          known(({ suggestions: all }) => all.length),
          "closed rules with enough sessions, days and approvals",
        ),
        prompts_saved: figure(
          "prompts saved a week",
          known(({ suggestions: all, weeks }) =>
            Math.round(all.reduce((sum, { kind, prompts }) => sum + (kind === "allow" ? prompts : 0), 0) / weeks),
          ),
          "calls that somebody was asked about, or would have been; calls of several commands count for each of their rules",
          { basis: "estimated" },
        ),
        open: figure(
          "open approvals",
          known(({ open }) => open),
          "approved calls that no rule of the policy in force decides",
        ),
        open_after: figure(
          "open approvals with them",
          known(({ openAfter }) => openAfter),
          "those that would stay open with every suggestion",
        ),
        removals: figure(
          "rules that could go",
          removals?.length ?? null,
          "never hit in this window, or always preceded",
        ),
      },
      charts: {},
      tables: {
        ...(found === undefined ? {} : { rules: ruleTable(context, found.suggestions) }),
        ...(removals === null ? {} : { removals: removalTable(context, removals) }),
      },
      notes: notesOf(found),
    };
  },
};

function notesOf(found: Suggestions | undefined): string[] {
  if (found === undefined) return ["The records were not looked at for suggestions."];
  const { calls, unknowable, isCut, isValidated } = found;
  return [
    ...(calls === 0 ? ["There is no answered call in this window: nothing can be suggested."] : []),
    ...(calls > 0 && !isValidated ? ["Not validated: too few sessions and days to keep any out of the mining."] : []),
    ...(isCut ? [`Only the newest ${plural(calls, "answered call")} were looked at.`] : []),
    ...(unknowable > 0 ? [`${grouped(unknowable)} answered calls were kept too little of to learn from.`] : []),
    "Before removing a rule that was never hit, think of work that comes once a quarter.",
  ];
}

function ruleTable(context: SectionContext, all: readonly Suggestion[]): Table {
  const count = (label: string, definition: string, priority: number) =>
    ({ label, unit: "count", definition, priority }) as const;
  return rowTable(context, {
    title: "Rules to add",
    about: "`claude-permit suggest` prints them as TOML; `--apply NAME` adds one.",
    columns: {
      rule: code("rule"),
      kind: code("kind", "", 1),
      prompts: count("prompts a week", "asked about, or would have been (estimate)", 0),
      calls: { ...CALL_COLUMNS.calls, definition: "calls of the window it would help to decide" },
      approved: count("approved", "answers it was mined from", 1),
      refused: count("refused", "of its kind, refused", 2),
      sessions: count("sessions", "distinct sessions", 3),
      projects: count("projects", "distinct projects", 4),
      bound: { label: "at least", unit: "share", definition: "lower bound of the share of approvals", priority: 1 },
      overridden: count("overrides", "refusals it would have allowed", 1),
      held_out: code("hold-out", "later calls it would have allowed, approved and refused", 2),
      scope: code("scope", "project, or every project", 3),
      scary: code("also admits", "unseen ordinary commands that do more than read, the worst first", 2),
    },
    rows: all.map(
      (one): Row => ({
        cells: {
          rule: one.name,
          kind: one.kind,
          prompts: Math.round(one.promptsPerWeek),
          calls: one.calls,
          approved: one.support.approved,
          refused: one.support.refused,
          sessions: one.support.sessions,
          projects: one.support.projects,
          bound: one.bound,
          overridden: one.overridden.length,
          held_out:
            one.holdOut === null ? "not validated" : `${one.holdOut.approved} approved, ${one.holdOut.refused} refused`,
          scope: one.project === "" ? "every project" : one.project,
          scary: one.breadth.scary.length === 0 ? "none found" : one.breadth.scary.join(" · "),
        },
        samples: [],
        filter: {},
      }),
    ),
  });
}

function removalTable(context: SectionContext, removals: readonly Removal[]): Table {
  return rowTable(context, {
    title: "Rules that could go",
    about: "Evidence, not proof: of this window, or of the rules beside them.",
    columns: {
      rule: code("rule"),
      kind: code("kind", "", 1),
      why: code("why"),
      detail: code("detail", "", 2),
      source: code("source", "", 1),
    },
    rows: removals
      .toSorted((a, b) => compareBytes(a.why, b.why) || compareBytes(a.rule, b.rule))
      .map(
        ({ rule, kind, why, detail, source }): Row => ({
          cells: { rule, kind, why, detail: keyCell(detail), source },
          samples: [],
          filter: { rule },
        }),
      ),
  });
}
