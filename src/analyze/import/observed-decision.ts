/**
 * Who decided about a past call, as far as its transcript tells: Claude Code's own `permissionDecision`, else its
 * `toolDenialKind`, else the text the model was given. Nothing is invented: before `permissionDecision` existed an
 * approval by a person looks like any other call that ran, so such a call is left to "Claude Code, how unknown".
 */
import type { Decision, Tier } from "../../core/decision.js";
import type { PermissionDecision, TranscriptResult } from "./transcript-line.js";

export interface ObservedDecision {
  readonly decision: Extract<Decision, "allow" | "deny" | "passthrough">;
  readonly tier: Extract<Tier, "claude_rule" | "claude_mode" | "auto_mode" | "user" | "passthrough">;
  /** Claude Code's own word for why, e.g. `bashMiss:no-rule-match`, `rule:projectSettings`. */
  readonly code?: string;
  /** For people; names what is not known too. */
  readonly reason?: string;
  /** Somebody was asked and answered. */
  readonly asked: boolean;
}

const UNKNOWN: ObservedDecision = { decision: "passthrough", tier: "passthrough", asked: false };

/** `undefined`: the transcript holds no result (interrupted, or the session was lost). */
export function observeDecision(result: TranscriptResult | undefined): ObservedDecision {
  if (result === undefined) return UNKNOWN;
  const told = result.permissionDecision;
  if (told !== undefined) return told.decision === "accept" ? accepted(told) : rejected(told, result);
  return fromDenialKind(result) ?? fromText(result) ?? UNKNOWN;
}

function accepted(told: PermissionDecision): ObservedDecision {
  const code = told.reasonCode ?? told.reasonType;
  const base = { decision: "allow", asked: false, ...(code === undefined ? {} : { code }) } as const;
  if (isByRule(told)) return { ...base, tier: "claude_rule", reason: ruleReason("allowed", told.ruleSource) };
  switch (told.source) {
    case "user_temporary":
      return { ...base, tier: "user", asked: true, reason: approval(told.grantScope) };
    case "user_permanent":
      return { ...base, tier: "user", asked: true, reason: "the user allowed it and asked not to be asked again" };
    case "hook":
      return { ...base, tier: "claude_rule", reason: "a hook allowed it" };
    case "config":
      return told.reasonType === "mode" || told.reasonType === undefined
        ? { ...base, tier: "claude_mode", reason: "the permission mode or Claude Code itself allowed it" }
        : told.reasonType === "classifier"
          ? { ...base, tier: "auto_mode", reason: "auto mode's classifier allowed it" }
          : { ...base, tier: "claude_rule", reason: partsReason(told) };
    default:
      return { ...UNKNOWN, ...(code === undefined ? {} : { code }), reason: `allowed by \`${told.source}\`` };
  }
}

/**
 * A path rule of a settings file is written down as the user's own word (`user_permanent`, `user_reject`), as if a
 * person had answered just now. An answer of a person never has this reason; seen at 2.1.329.
 */
function isByRule({ source, reasonType }: PermissionDecision): boolean {
  return source.startsWith("user") && reasonType === "rule";
}

/** The parts of a shell command, judged one by one: without a rule's source nobody can say which of both it was. */
function partsReason({ reasonType, ruleSource }: PermissionDecision): string {
  return reasonType === "subcommandResults" && ruleSource === undefined
    ? "a rule of Claude Code, or its own list of commands that only read, allowed it"
    : ruleReason("allowed", ruleSource);
}

function rejected(told: PermissionDecision, result: TranscriptResult): ObservedDecision {
  const code = told.reasonCode ?? told.reasonType ?? "";
  const base = { decision: "deny", asked: false, ...(code === "" ? {} : { code }) } as const;
  if (isByRule(told)) return { ...base, tier: "claude_rule", reason: ruleReason("refused", told.ruleSource) };
  if (told.source.startsWith("user")) return { ...base, tier: "user", asked: true, reason: "the user said no" };
  if (told.reasonType === "classifier" || code.startsWith("classifier:")) {
    return { ...base, tier: "auto_mode", reason: "auto mode's classifier refused it" };
  }
  if (told.source === "hook") return { ...base, tier: "claude_rule", reason: shown(result, "a hook refused it") };
  if (code.startsWith("hook:")) {
    return { ...base, tier: "claude_rule", reason: "a hook wanted a person to be asked and nobody could answer" };
  }
  if (code.startsWith("rule:") && told.reasonType === undefined && result.denialKind === "user-rejected") {
    return { ...base, tier: "claude_rule", reason: "an ask rule applied and nobody could answer" };
  }
  if (code.startsWith("rule")) return { ...base, tier: "claude_rule", reason: ruleReason("refused", told.ruleSource) };
  if (code.startsWith("mode:")) {
    return { ...base, tier: "claude_mode", reason: `the permission mode refused it (\`${code}\`)` };
  }
  const why = code === "" ? "" : ` (\`${code}\`)`;
  return { ...base, tier: "claude_mode", reason: `it needed a person's permission and nobody could answer${why}` };
}

function fromDenialKind(result: TranscriptResult): ObservedDecision | undefined {
  const code = result.denialKind;
  if (code === undefined) return undefined;
  const denied = { decision: "deny", asked: false, code } as const;
  switch (code) {
    case "automode-blocked":
      return { ...denied, tier: "auto_mode", reason: shown(result, "auto mode's classifier refused it") };
    case "automode-unavailable":
      return { ...denied, tier: "auto_mode", reason: "auto mode's classifier could not be reached" };
    case "automode-parsing-error":
      return { ...denied, tier: "auto_mode", reason: "auto mode's classifier gave no readable answer" };
    case "user-rejected":
      // The same kind stands for a person's "No" and for every question that nobody could answer: the text tells.
      return { ...(fromText(result) ?? user()), code };
    case "permission-rule":
      return { ...(fromText(result) ?? rule(result)), code };
    default:
      return { ...denied, tier: "claude_mode", reason: shown(result, "Claude Code refused it") };
  }
}

/** Contract section 13, point 3; the order matters: user texts first, they may quote anything after the first line. */
function fromText(result: TranscriptResult): ObservedDecision | undefined {
  if (!result.isError && result.summary !== "User rejected tool use") return undefined;
  const text = result.text;
  if (
    result.summary === "User rejected tool use" ||
    /^The user doesn't want to proceed with this tool use\./.test(text)
  ) {
    return user();
  }
  const row = TEXTS.find((candidate) => candidate.pattern.test(text));
  if (row === undefined) return undefined;
  return { decision: "deny", tier: row.tier, asked: false, reason: shown(result, row.reason) };
}

const TEXTS: readonly { pattern: RegExp; tier: "claude_rule" | "claude_mode" | "auto_mode"; reason: string }[] = [
  {
    pattern: /^Permission to use .*? has been denied because Claude Code is running in don't ask mode/s,
    tier: "claude_mode",
    reason: "don't ask mode refused it",
  },
  {
    pattern: /^Permission for this action (?:has been|was) denied by the Claude Code auto mode classifier/,
    tier: "auto_mode",
    reason: "auto mode's classifier refused it",
  },
  {
    pattern: /^\S{1,200} is temporarily unavailable, so auto mode cannot determine the safety of /,
    tier: "auto_mode",
    reason: "auto mode's classifier could not be reached",
  },
  { pattern: /^Permission to use .*? has been denied/s, tier: "claude_rule", reason: "a deny rule refused it" },
  {
    pattern: /^<tool_use_error>File is in a directory that is denied by your permission settings/,
    tier: "claude_rule",
    reason: "a deny rule for its folder refused it",
  },
  {
    pattern: /^(?:PreToolUse:\S+ (?:hook error|\[)|Hook PreToolUse:\S+ denied this tool)/,
    tier: "claude_rule",
    reason: "a hook refused it",
  },
  {
    pattern:
      /^(?:Claude requested permissions to |This command requires approval|This Bash command contains multiple operations\. The following parts? requires? approval)/,
    tier: "claude_mode",
    reason: "it needed a person's permission and nobody could answer",
  },
  {
    pattern: /^Tool permission (?:request failed|stream closed)/,
    tier: "claude_mode",
    reason: "the question could not be put to anybody",
  },
];

function user(): ObservedDecision {
  return { decision: "deny", tier: "user", asked: true, reason: "the user said no" };
}

function rule(result: TranscriptResult): ObservedDecision {
  const reason = shown(result, "a rule, a mode or a hook refused it");
  return { decision: "deny", tier: "claude_rule", asked: false, reason };
}

function approval(scope: string | undefined): string {
  return scope === "session" ? "the user allowed it for the session" : "the user allowed it";
}

function ruleReason(verb: "allowed" | "refused", source: string | undefined): string {
  return source === undefined ? `a rule of Claude Code ${verb} it` : `a rule in \`${source}\` ${verb} it`;
}

/** What the model was told, when that says more than our own words. A person's comment is never taken from here. */
function shown(result: TranscriptResult, otherwise: string): string {
  const text = result.text.replaceAll(/<\/?tool_use_error>/g, "").trim();
  return text === "" ? otherwise : text;
}
