/** `entitlements`: what may Claude do now, with git, with files outside the project, with the network, with one program or tool. */
import { parseQuery } from "../../analyze/query/parse-query.js";
import { QueryFault } from "../../analyze/query/query-fault.js";
import { TOPICS } from "../../analyze/query/types/entitlement-topics.js";
import { ANSWERS, type Entitled, entitlementsOf } from "../../analyze/query/types/entitlements.js";
import { joinCells, layoutTable } from "../../analyze/report/render/term-table.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { safeText } from "../print.js";
import { queryWorld } from "../query-world.js";

const LABELS = {
  may_run: "runs",
  asks: "asks",
  denied: "denied",
  left_to_claude_code: "Claude Code decides",
} as const;

const COLUMNS = [
  { label: "about", align: "left", isText: true, priority: 0 },
  { label: "answer", align: "left", isText: false, priority: 0 },
  { label: "to do", align: "left", isText: true, priority: 0 },
  { label: "for example", align: "left", isText: true, priority: 1 },
  { label: "rule", align: "left", isText: true, priority: 2 },
] as const;

/** Programs and tools are told by their calls alone. */
const TO_DO = 2;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args, json, flags } = invocation;
  const mode = flags.text("mode");
  const circumstances = {
    ...(flags.text("cwd") === undefined ? {} : { cwd: flags.text("cwd") }),
    ...(mode === undefined ? {} : { permission_mode: mode }),
    ...(flags.on("headless") ? { headless: true } : {}),
  };
  const world = queryWorld(invocation);
  try {
    const results = (args.length > 0 ? args : TOPICS).map((name) => {
      const asked = parseQuery({ type: "entitlements", ...subjectOf(name), ...circumstances });
      if (asked.type !== "entitlements") throw new Error("asked for something else");
      return { name, found: entitlementsOf(asked, world) };
    });
    if (json) io.stdout.write(`${JSON.stringify({ results: results.map(({ found }) => found) })}\n`);
    else {
      const rows = results.flatMap(({ name, found }) =>
        ANSWERS.flatMap((answer) => found[answer].map((one) => rowOf(name, LABELS[answer], one))),
      );
      const isSaid = rows.some((row) => row[TO_DO] !== "");
      const keeps = (_: unknown, index: number) => isSaid || index !== TO_DO;
      const shown = rows.map((row) => row.filter(keeps));
      const { head, lines } = layoutTable(COLUMNS.filter(keeps), shown, io.stdout.columns);
      io.stdout.write([head, ...lines].map((line) => `${joinCells(line).trimEnd()}\n`).join(""));
    }
    return EXIT.fine;
  } catch (error) {
    if (error instanceof QueryFault) throw new CliError("bad_usage", error.value.message, error.value.hint);
    throw error;
  } finally {
    world.close();
  }
}

/** A topic; a tool, which begins with a capital letter or `mcp__`; else a program. */
function subjectOf(name: string): Readonly<Record<string, string>> {
  if (TOPICS.some((topic) => topic === name)) return { about: name };
  return /^(?:[A-Z]|mcp__)/.test(name) ? { tool: name } : { program: name };
}

function rowOf(name: string, answer: string, { what = "", input, rule }: Entitled): readonly string[] {
  const example = typeof input === "string" ? input : String(Object.values(input)[0] ?? "");
  return [name, answer, what, example, rule ?? ""].map(safeText);
}
