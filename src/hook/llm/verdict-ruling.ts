/**
 * From a verdict to the hook's ruling: the table of SPEC sections 5 and 6. INVARIANT: only a GREEN verdict on a call
 * that was understood and shown whole allows, or an alternative that a person's rule allows; nobody is waited for in an unattended run.
 */
import type { Decision, Tier } from "../../core/decision.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy, Settings } from "../../core/policy/policy.js";
import { stringField, type ToolCall, toolShape } from "../../core/tool-call.js";
import type { Verdict } from "../../core/verdict.js";
import type { Ruling } from "../decide.js";
import { type Alternative, firstAllowed, type Judge } from "./alternatives.js";
import { overrideRule } from "./override-rule.js";

export interface Judged {
  readonly verdict: Verdict;
  /** The model did not see the whole input. */
  readonly isCut: boolean;
  readonly call: ToolCall;
  readonly policy: Policy;
  readonly evaluation: Evaluation;
  readonly isUnattendedRun: boolean;
  /** Id of the record about to be written. */
  readonly recordId: string;
  readonly judge: Judge;
}

export function rulingOf(judged: Judged): Ruling {
  switch (judged.verdict.score) {
    case "GREEN":
      return green(judged);
    case "YELLOW":
      return yellow(judged);
    case "RED":
      return red(judged);
  }
}

function green(judged: Judged): Ruling {
  const { call, policy, evaluation, isCut, isUnattendedRun } = judged;
  if (isCut || evaluation.unknown) {
    const why = isCut ? "the input is larger than a model is shown" : "claude-permit did not understand the whole call";
    const reason = `${titleOf(judged)} But ${why}, so that allows nothing.`;
    return isUnattendedRun
      ? ruling(judged, "deny", "llm", reason)
      : ruling(judged, "passthrough", "passthrough", reason);
  }
  // An allow of ours would skip Claude Code's classifier (SPEC section 4).
  const isHeld = call.permissionMode === "auto" && policy.settings.autoMode !== "full" && evaluation.effect !== "reads";
  return isHeld ? ruling(judged, "passthrough", "passthrough", "") : ruling(judged, "allow", "llm", titleOf(judged));
}

function red(judged: Judged): Ruling {
  const { call, policy, judge } = judged;
  const rule = overrideRule(call, policy, judge);
  const override =
    rule === ""
      ? "No single rule overrides this; the user can run it outside the session."
      : `Only the user can override this, with this rule in config.toml:\n${rule}`;
  return ruling(judged, "deny", "llm", `${titleOf(judged)} ${override}`);
}

type Mode = Settings["onYellow"];

/** Where nobody answers, a question would only be a refusal that explains nothing. */
function modeFor({ policy: { settings }, call, isUnattendedRun }: Judged): Mode {
  const isQuestion = settings.onYellow === "offer" || settings.onYellow === "ask";
  if (isUnattendedRun) return isQuestion ? "reroute" : settings.onYellow;
  return isQuestion && !call.attended ? "suggest" : settings.onYellow;
}

function yellow(judged: Judged): Ruling {
  const { verdict, call, policy, judge } = judged;
  const mode = modeFor(judged);
  const found = firstAllowed(verdict, call, policy, judge);
  if (mode === "suggest") return suggest(judged, found);
  const title = titleOf(judged);
  if (found === null) {
    return mode === "reroute"
      ? ruling(judged, "deny", "llm", `${title} No rule of the user's allows a safer form, so it was not run.`)
      : ruling(judged, "ask", "llm", title);
  }
  const reroute = rerouteOf(mode, call, found);
  const [from, to, rules] = [shown(mainText(call)), shown(found.text), found.matchedRules.join(", ")];
  const why = found.rationale === "" ? "" : ` (${shown(found.rationale)})`;
  switch (mode) {
    case "offer":
      return {
        ...ruling(
          judged,
          "ask",
          "llm",
          `${title} Offered instead: ${to}${why}, allowed by ${rules}. Original: ${from}. ${keepOriginal(judged)}`,
        ),
        reroute,
        updatedInput: found.input,
        additionalContext: `claude-permit offered the user a safer form of this call. If it ran, what ran is ${to}, not ${from}.`,
      };
    case "ask":
      return {
        ...ruling(judged, "ask", "llm", `${title} A safer form would be ${to}${why}, allowed by ${rules}.`),
        reroute,
        additionalContext: `claude-permit: a safer form of this call is ${to}${why}; a rule of the user's allows it.`,
      };
    case "reroute":
      return {
        ...ruling(judged, "rerouted", "reroute", `${title} Run instead: ${to}${why}, allowed by ${rules}.`),
        reroute,
        updatedInput: found.input,
        additionalContext: `claude-permit ran another command than you asked for: ${to} instead of ${from}${why}. ${verdict.reasoning}`,
      };
  }
}

/** Claude reads the reason and can issue the call again in its safer form. */
function suggest(judged: Judged, found: Alternative | null): Ruling {
  const { verdict, call } = judged;
  const reason = JSON.stringify({
    verdict: verdict.score,
    reasoning: verdict.reasoning,
    suggested_alternative:
      found === null
        ? null
        : { tool_input: found.input, matched_rules: found.matchedRules, rationale: found.rationale },
  });
  const plain = ruling(judged, "deny", "llm", reason);
  return found === null ? plain : { ...plain, reroute: rerouteOf("suggest", call, found) };
}

function rerouteOf(mode: Mode, call: ToolCall, found: Alternative): NonNullable<Ruling["reroute"]> {
  return {
    mode,
    original_input: call.input,
    alternative_input: found.input,
    matched_rules: found.matchedRules,
    rationale: found.rationale,
  };
}

function ruling({ evaluation }: Judged, decision: Decision, tier: Tier, reason: string): Ruling {
  return { decision, tier, reason, evaluation };
}

function titleOf({ verdict: { score, confidence, reasoning } }: Judged): string {
  const text = shown(reasoning);
  return `The language model says ${score} (confidence ${confidence.toFixed(2)}): ${text}${/[.!?]$/.test(text) ? "" : "."}`;
}

function keepOriginal({ recordId }: Judged): string {
  return `To have the original, answer No and run: claude-permit review --approve ${recordId}`;
}

/** The command or path the call is about. */
function mainText({ tool, input }: ToolCall): string {
  const shape = toolShape(tool);
  const field = shape?.command?.field ?? shape?.paths?.[0]?.field ?? shape?.main ?? "";
  return stringField(input, field) ?? tool;
}

const SHOWN_CHARS = 1_500;

/** Text from outside on one line, without what a terminal or a reader could take for something else. */
function shown(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim();
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS).toWellFormed()}…` : line;
}
