/** `validate`: every problem of the policy files with place and hint, and every rule's examples run; `--lint` adds advice (exit 1). */

import { resolve } from "node:path";
import { plural } from "../../analyze/report/shape.js";
import { problem } from "../../core/errors.js";
import { matchRule } from "../../core/policy/evaluate.js";
import { checkExamples } from "../../core/policy/examples.js";
import { expiredRules } from "../../core/policy/expired.js";
import { lintPolicy } from "../../core/policy/lint.js";
import type { Policy, Problem } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { resolvePath } from "../../store/resolve-path.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { Flags } from "../flags.js";
import { folderOf, policyFor } from "../judge.js";
import { printProblems } from "../print.js";
import { ruleHits } from "../rule-hits.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args, json } = invocation;
  const [file] = args;
  const { flags } = invocation;
  const named = file === undefined ? flags : withConfig(invocation, resolve(io.cwd, file));
  const { policy, problems, sources } = policyFor({ io, flags: named }, folderOf(invocation));
  const deps = { resolvePath, parseShell: analyzeShell, now: io.now() };
  const examples =
    policy.state === "broken" ? [] : checkExamples(policy, (rule, call) => matchRule(policy, rule, call, deps));
  const lint = flags.on("lint") && policy.state === "ok" ? await lintOf(invocation, policy, file === undefined) : [];
  const all = [...problems, ...expiredRules(policy.rules, io.now()), ...examples, ...lint];
  const errors = all.filter((found) => found.severity === "error").length;
  const warnings = all.length - errors;
  const present = sources.filter((source) => source.present);
  if (json) {
    io.stdout.write(`${JSON.stringify({ valid: errors === 0, errors, warnings, problems: all, sources })}\n`);
  } else {
    printProblems(io, all);
    if (present.length === 0 && file === undefined)
      io.stdout.write("no policy file yet: only the built-in rules are in force\n");
    const state = errors > 0 ? "not valid" : "valid";
    const read = `${plural(policy.rules.length, "rule")} from ${plural(present.length, "file")}`;
    io.stdout.write(`${state}: ${read}, ${plural(errors, "error")}, ${plural(warnings, "warning")}\n`);
  }
  if (errors > 0) return EXIT.failed;
  return lint.length > 0 ? EXIT.finding : EXIT.fine;
}

/** What is hardly meant and, where there is a log and the policy is the one in force, what never hit. */
async function lintOf(invocation: Invocation, policy: Policy, isInForce: boolean): Promise<readonly Problem[]> {
  const { flags, io } = invocation;
  const found = lintPolicy(policy);
  const since = flags.text("since") ?? LINT_WINDOW;
  const window = new Flags({ home: flags.text("home"), audit: flags.list("audit"), since });
  const hits = isInForce ? await ruleHits({ ...invocation, io, flags: window }) : null;
  if (hits === null || hits.size === 0) return found;
  const told = new Set(found.map(({ rule }) => rule));
  const silent = policy.rules.filter(({ id, layer }) => layer !== "builtin" && !hits.has(id) && !told.has(id));
  return [...found, ...silent.map(({ id, source }) => problem("lint-never-hit", { since }, { ...source, rule: id }))];
}

/** A rule for work that comes once a quarter is just about seen. */
const LINT_WINDOW = "90d";

function withConfig({ flags }: Invocation, config: string): Flags {
  return new Flags({ home: flags.text("home"), config });
}
