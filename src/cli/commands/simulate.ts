/** `simulate`: the calls of the log under another policy file, or under the policy of a past date. Exit 1: new access. */
import { join, resolve } from "node:path";
import { parseWhen } from "../../analyze/dates.js";
import { openJudgements } from "../../analyze/judgements.js";
import { openJudgingPool } from "../../analyze/judging/judging-pool.js";
import { knownAnswers } from "../../analyze/simulate/known-answers.js";
import { policyHashesAsOf } from "../../analyze/simulate/policy-as-of.js";
import type { PolicyFor } from "../../analyze/simulate/rejudge.js";
import { type Simulated, Simulation } from "../../analyze/simulate/simulate.js";
import { newAccess, simulateSection } from "../../analyze/simulate/simulate-section.js";
import { localTimestamp } from "../../analyze/zone.js";
import type { Policy } from "../../core/policy/policy.js";
import { guardedPlaces } from "../../store/guarded.js";
import { readPolicyByHash } from "../../store/in-force.js";
import type { Invocation } from "../command.js";
import { deliver, deliveryOf } from "../deliver.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { Flags } from "../flags.js";
import { policyFor } from "../judge.js";
import { readRecords, withLog } from "../open-log.js";
import { printProblems } from "../print.js";
import { reportFor } from "../report-for.js";
import { VERSION } from "../version.js";
import { hookLocations, locationsOf, PROGRAM_FOLDER } from "../where.js";
import { zoneFor } from "../window.js";

interface OtherPolicy {
  readonly name: string;
  /** All that tells it from other ones, but for what it guards in each project. */
  readonly identity: string;
  readonly policyFor: PolicyFor;
}

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { flags } = invocation;
  const [file, date] = [flags.text("with"), flags.text("asOf")];
  if ((file === undefined) === (date === undefined)) {
    throw new CliError("bad_usage", "`simulate` takes --with FILE or --as-of DATE", "give one of them");
  }
  const delivery = deliveryOf(invocation);
  const other = file === undefined ? await policyAsOf(invocation, date ?? "") : policyFromFile(invocation, file);
  let simulation: Simulation | null = null;
  const simulated = (): Simulated => {
    if (simulation === null) throw new Error("no record was read");
    return simulation.result;
  };
  const judges = openJudgingPool("again");
  const folder = join(locationsOf(invocation).cache, "judged");
  const judgements = openJudgements(folder, `${VERSION} simulated ${other.identity}`, flags.on("readOnly"));
  const { report } = await reportFor(invocation, {
    sections: [],
    built: [simulateSection(other.name, simulated)],
    look(filter) {
      simulation = new Simulation(other.policyFor, filter, { judges, known: knownAnswers(judgements) });
      return simulation;
    },
  }).finally(judges.close);
  judgements.keep();
  const told = deliver(invocation, report, delivery, "simulate");
  return newAccess(simulated()) === "no" ? told : EXIT.finding;
}

/** A file in place of the user's and the projects' policy files, as with --config. */
function policyFromFile(invocation: Invocation, file: string): OtherPolicy {
  const { io, flags } = invocation;
  const path = resolve(io.cwd, file);
  const home = flags.text("home");
  const other = { io, flags: new Flags({ config: path, ...(home === undefined ? {} : { home }) }) };
  const { policy, problems, sources } = policyFor(other, io.cwd);
  if (policy.state === "broken") {
    printProblems(io, problems);
    throw new CliError("config_parse_error", `\`${file}\` cannot be used as a policy`, "claude-permit validate FILE");
  }
  const policyFiles = sources.filter(({ present }) => present).map(({ file: present }) => present);
  const locations = hookLocations(other);
  const projects = new Map<string, Policy>();
  return {
    name: `\`${file}\` (${policy.hash})`,
    identity: JSON.stringify({ ...policy, guarded: null }),
    policyFor(project) {
      const known = projects.get(project);
      if (known !== undefined) return known;
      const guard = { locations, project, programFolder: PROGRAM_FOLDER, policyFiles };
      const found = { ...policy, guarded: guardedPlaces(guard) };
      projects.set(project, found);
      return found;
    },
  };
}

/** The policies that were in force then, each as it was first used. */
async function policyAsOf(invocation: Invocation, text: string): Promise<OtherPolicy> {
  const { io } = invocation;
  const zone = zoneFor(invocation, "local");
  const when = parseWhen(text, { now: io.now(), zone });
  if (when.kind === "problem") throw new CliError("bad_usage", `--as-of: ${when.message}`, when.hint);
  const day = localTimestamp(when.timeMs, zone);
  const { byProject, anywhere } = await withLog(invocation, (scan) =>
    policyHashesAsOf(readRecords(invocation, scan, {}), when.timeMs),
  );
  if (anywhere === "") {
    throw new CliError("policy_not_found", `the log does not tell which policy was in force at ${day}`);
  }
  const locations = locationsOf(invocation);
  const kept = new Map<string, Policy | null>();
  const policyOf = (hash: string): Policy | null => {
    const met = kept.get(hash);
    const found = met === undefined ? readPolicyByHash(locations, hash) : met;
    kept.set(hash, found);
    return found;
  };
  const hashes = new Set([...byProject.values(), anywhere]);
  const missing = [...hashes].filter((hash) => policyOf(hash) === null);
  if (missing.length === hashes.size) {
    throw new CliError("policy_not_found", `the policy of ${day} (${missing.join(", ")}) is not kept here`);
  }
  return {
    name: `the policy in force at ${day} (${[...hashes].join(", ")})`,
    identity: [...hashes].sort().join(" "),
    policyFor(project) {
      const own = byProject.get(project);
      if (own !== undefined) return policyOf(own);
      const policy = policyOf(anywhere);
      // Another project's own rules say nothing about this one.
      return policy && withoutProjectRules(policy);
    },
  };
}

const NARROWED = new WeakMap<Policy, Policy>();

function withoutProjectRules(policy: Policy): Policy {
  const met = NARROWED.get(policy);
  if (met !== undefined) return met;
  const rules = policy.rules.filter(({ layer }) => layer !== "project").map((rule, index) => ({ ...rule, index }));
  const narrowed: Policy = {
    ...policy,
    hash: `${policy.hash}-shared`,
    rules,
    byTool: {},
    anyTool: rules.map(({ index }) => index),
  };
  NARROWED.set(policy, narrowed);
  return narrowed;
}
