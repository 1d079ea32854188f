/** The three things worth doing, each with its evidence and the command that does it. Ranked by what they could cost. */
import { DEFAULT_SETTINGS } from "../../core/policy/settings.js";
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Cluster, Gaps } from "../gaps/clusters.js";
import { shellWord } from "../report/render/format.js";
import type { Row } from "../report/report.schema.js";
import { compareBytes, largestFirst, share, total } from "../report/shape.js";
import type { Suggestions } from "../suggest/suggestion.js";
import { rowTable } from "./build-table.js";
import { code, figure } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

const SHOWN = 3;
const MANY_OPEN = "many calls that no rule covers";

/** One thing worth doing. */
export interface Advice {
  /** 0 is dealt with first: 0 unsafe, 1 blind, 2 interrupting, 3 untidy. */
  readonly rank: 0 | 1 | 2 | 3;
  readonly what: string;
  /** The tool, command or rule it is about, "" when it is about all. */
  readonly about: string;
  readonly calls: number;
  readonly command: string;
}

export const highlights: SectionDefinition = {
  id: "highlights",
  build(context) {
    const found = adviceFor(context);
    const rows = found.slice(0, SHOWN).map(
      ({ what, about, calls, command }, index): Row => ({
        cells: { place: index + 1, what, about: about === "" ? null : about, calls, command },
        samples: [],
        filter: {},
      }),
    );
    return {
      title: "Highlights",
      about:
        "The three things worth doing. What could do harm comes first, then what is not seen, then what interrupts.",
      figures: { found: figure("worth a look", found.length, "findings; the first three are shown") },
      charts: {},
      tables: {
        advice: rowTable(context, {
          title: "Worth doing",
          about: "",
          columns: {
            place: { label: "#", unit: "count", definition: "", priority: 0 },
            what: { label: "what", unit: "text", definition: "", priority: 0 },
            about: code("about", "tool, command or rule", 1),
            calls: { label: "calls", unit: "count", definition: "calls (or lines, or rules) behind it", priority: 1 },
            command: { label: "type this", unit: "command", definition: "", priority: 0 },
          },
          rows,
        }),
      },
      notes: found.length === 0 ? ["Nothing stands out in this window."] : [],
    };
  },
};

/** All of it, the most pressing first; of equal rank the one with most calls, then by bytes. */
export function adviceFor(context: SectionContext): Advice[] {
  const found = [...unsafeAdvice(context), ...blindAdvice(context), ...promptAdvice(context), ...tidyAdvice(context)];
  return found
    .filter(({ calls }) => calls > 0)
    .toSorted((a, b) => a.rank - b.rank || b.calls - a.calls || compareBytes(a.what + a.about, b.what + b.about));
}

function unsafeAdvice({ cubes }: SectionContext): Advice[] {
  const red = rowsOf(cubes, "alarms").filter((row) => row.keys.llm === "RED");
  const mismatched = rowsOf(cubes, "reroutes").filter(
    ({ keys }) => keys.reroute === "reroute" && (keys.ran === "original" || keys.ran === "neither"),
  );
  const list = "claude-permit list";
  return [
    {
      rank: 0,
      what: "calls ran after an error: look at them",
      about: "",
      calls: total(rowsOf(cubes, "unsafe")),
      command: `${list} --decision error_passthrough`,
    },
    {
      rank: 0,
      what: "the model called these dangerous (RED)",
      about: "",
      calls: total(red),
      command: `${list} --tier llm --decision deny`,
    },
    {
      rank: 0,
      what: "rerouted calls ran another input than was allowed",
      about: "",
      calls: total(mismatched),
      command: "claude-permit analyze --section reroutes",
    },
  ];
}

function blindAdvice({ cubes, policy, gaps }: SectionContext): Advice[] {
  const { alerts } = policy?.settings ?? DEFAULT_SETTINGS;
  const all = rowsOf(cubes, "totals")[0];
  const leftAlone = count(all, "left_alone");
  const isHigh =
    count(all, "calls") >= alerts.minCalls && (share(leftAlone, count(all, "calls")) ?? 0) > alerts.passthroughShare;
  const { unusable } = cubes.quality;
  const closed = gaps?.clusters.reduce((sum, cluster) => sum + cluster.closed, 0) ?? 0;
  return [
    {
      rank: 1,
      what: closed > leftAlone / 2 ? "calls without a rule: your policy decides most of them by now" : MANY_OPEN,
      about: "",
      calls: isHigh ? leftAlone : 0,
      command: gaps === undefined ? "claude-permit list --decision passthrough" : "claude-permit gaps",
    },
    {
      rank: 1,
      what: "the model gave no verdict: see why",
      about: "",
      calls: total(rowsOf(cubes, "llm_errors")),
      command: "claude-permit analyze --section llm",
    },
    {
      rank: 1,
      what: "lines of the log could not be read",
      about: "",
      calls: unusable,
      command: "claude-permit analyze --section quality",
    },
  ];
}

/** The prompt causes that interrupt most. */
function promptAdvice({ cubes, gaps, suggestions }: SectionContext): Advice[] {
  const asked = (row: CubeRow) => count(row, "asked");
  const [rule] = largestBy(rowsOf(cubes, "rules"), asked, "rule");
  const [blocked] = largestFirst(
    rowsOf(cubes, "denials").filter((row) => row.keys.rule !== ""),
    ["rule"],
  );
  return [
    {
      rank: 2,
      what: "the rule that asks most: narrow it",
      about: rule?.keys.rule ?? "",
      calls: rule === undefined ? 0 : asked(rule),
      command: `claude-permit rules show ${shellWord(rule?.keys.rule ?? "")}`,
    },
    uncoveredAdvice(cubes, gaps, suggestions),
    {
      rank: 2,
      what: "blocks most: name the way in its reason",
      about: blocked?.keys.rule ?? "",
      calls: count(blocked, "calls"),
      command: `claude-permit list --rule ${shellWord(blocked?.keys.rule ?? "")}`,
    },
  ];
}

/** What no rule covers: the rule that past answers speak for, else what is met most; what a rule decides by now is dealt with. */
function uncoveredAdvice(cubes: Cubes, gaps: Gaps | undefined, suggestions: Suggestions | undefined): Advice {
  const [best] = suggestions?.suggestions.toSorted((a, b) => b.prompts - a.prompts || b.calls - a.calls) ?? [];
  if (best !== undefined && best.calls > 0) {
    return {
      rank: 2,
      what: "your answers speak for a rule: look at it",
      about: best.name,
      calls: best.calls,
      command: `claude-permit suggest --apply ${shellWord(best.name)}`,
    };
  }
  const what = "most frequent without a rule: write one";
  if (gaps !== undefined) {
    const open = (cluster: Cluster) => cluster.calls - cluster.closed;
    const [cluster] = gaps.clusters.toSorted((a, b) => open(b) - open(a) || compareBytes(a.name, b.name));
    const calls = cluster === undefined ? 0 : open(cluster);
    return { rank: 2, what, about: cluster?.name ?? "", calls, command: "claude-permit gaps" };
  }
  const [command] = largestBy(rowsOf(cubes, "commands"), (row) => count(row, "left_alone"), "command");
  return {
    rank: 2,
    what,
    about: command?.keys.command ?? "",
    calls: command === undefined ? 0 : count(command, "left_alone"),
    command: `claude-permit test ${shellWord(command?.keys.command ?? "")}`,
  };
}

function tidyAdvice({ cubes, policy }: SectionContext): Advice[] {
  const hit = new Set(rowsOf(cubes, "rules").map((row) => row.keys.rule ?? ""));
  const silent = policy?.rules.filter((rule) => rule.kind === "allow" && !hit.has(rule.id)) ?? [];
  return [
    {
      rank: 3,
      what: "allow rules without a hit: remove them",
      about: "",
      calls: silent.length,
      command: "claude-permit analyze --section rules",
    },
  ];
}

function largestBy(rows: readonly CubeRow[], value: (row: CubeRow) => number, key: "rule" | "command"): CubeRow[] {
  return rows
    .filter((row) => value(row) > 0)
    .toSorted((a, b) => value(b) - value(a) || compareBytes(a.keys[key] ?? "", b.keys[key] ?? ""));
}
