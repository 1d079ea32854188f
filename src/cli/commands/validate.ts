/** `validate`: every problem of the policy files with place and hint, and every rule's examples run. */
import { resolve } from "node:path";
import { matchRule } from "../../core/policy/evaluate.js";
import { checkExamples } from "../../core/policy/examples.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { resolvePath } from "../../store/resolve-path.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { Flags } from "../flags.js";
import { folderOf, policyFor } from "../judge.js";
import { printProblems } from "../print.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, args, json } = invocation;
  const [file] = args;
  const flags = file === undefined ? invocation.flags : withConfig(invocation, resolve(io.cwd, file));
  const { policy, problems, sources } = policyFor({ io, flags }, folderOf(invocation));
  const deps = { resolvePath, parseShell: analyzeShell, now: io.now() };
  const examples =
    policy.state === "broken" ? [] : checkExamples(policy, (rule, call) => matchRule(policy, rule, call, deps));
  const all = [...problems, ...examples];
  const errors = all.filter((found) => found.severity === "error").length;
  const warnings = all.length - errors;
  const present = sources.filter((source) => source.present);
  if (json) {
    io.stdout.write(`${JSON.stringify({ valid: errors === 0, errors, warnings, problems: all, sources })}\n`);
  } else {
    printProblems(io, all);
    if (present.length === 0) io.stdout.write("no policy file yet: only the built-in rules are in force\n");
    const state = errors > 0 ? "not valid" : "valid";
    io.stdout.write(
      `${state}: ${policy.rules.length} rules from ${present.length} files, ${errors} errors, ${warnings} warnings\n`,
    );
  }
  return errors > 0 ? EXIT.failed : EXIT.fine;
}

function withConfig({ flags }: Invocation, config: string): Flags {
  return new Flags({ home: flags.text("home"), config });
}
