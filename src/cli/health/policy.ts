/** Can the policy files be used, which layers are there, and does the project's file count? */
import { plural } from "../../analyze/report/shape.js";
import { formatProblem } from "../../core/errors.js";
import type { Look } from "./check.js";
import { isPluginOnly } from "./registration.js";

export const lookAtPolicy: Look = ({ loaded: { policy, problems, sources }, sources: registered }) => {
  const [first] = problems.filter((found) => found.severity === "error");
  if (policy.state === "broken" || first !== undefined) {
    const found = first === undefined ? "the policy files cannot be used" : formatProblem(first);
    const why = `until it is mended no rule allows anything; the rest follows fail = "${policy.settings.fail}"`;
    return { state: "bad", found, why, fix: "claude-permit validate" };
  }
  const present = sources.filter((source) => source.present);
  if (present.length === 0) {
    const why = "without rules every call is left to Claude Code, and only self-protection asks";
    const fix = isPluginOnly(registered) ? "claude-permit init --policy-only" : "claude-permit init";
    return { state: "note", found: "no policy file", why, fix };
  }
  const layers = [...new Set(present.map(({ layer }) => layer))].join(", ");
  const rules = `${plural(policy.rules.length, "rule")} from ${plural(present.length, "file")} (${layers}), hash ${policy.hash}`;
  if (problems.length === 0) return { state: "good", found: rules };
  const fix = "claude-permit validate";
  return {
    state: "note",
    found: `${rules}, ${plural(problems.length, "warning")}`,
    why: "something may not mean what it says",
    fix,
  };
};

export const lookAtTrust: Look = ({ loaded: { project } }) => {
  if (project.trust === "absent") return { state: "good", found: "none here" };
  if (project.trust === "trusted") return { state: "good", found: "trusted" };
  return {
    state: "note",
    found: project.trust === "changed" ? "changed since it was trusted" : "not trusted",
    why: "its deny and ask rules count, its allow rules do not",
    fix: "read it, then: claude-permit trust",
  };
};
