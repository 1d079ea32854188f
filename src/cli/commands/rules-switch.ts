/** `rules revoke` and `rules restore`: a rule of auto-rules.toml switched off, and on again. */
import { recoverAutoRules } from "../../store/promotion/change-auto-rules.js";
import { switchRule } from "../../store/promotion/switch-rule.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { policyFor } from "../judge.js";
import { safeText } from "../print.js";
import { refuseReadOnly, refuseUnderClaude } from "../refuse.js";
import { writeEffects } from "../review/review-answer.js";
import { locationsOf } from "../where.js";

export async function switchOne(
  invocation: Invocation,
  event: "rule_revoked" | "rule_restored",
  word: "revoke" | "restore",
): Promise<ExitCode> {
  const { io, args, flags, json } = invocation;
  const [name = ""] = args;
  refuseUnderClaude(invocation, `\`rules ${word}\``);
  refuseReadOnly(invocation, `\`rules ${word}\``);
  const places = locationsOf(invocation);
  await recoverAutoRules(places);
  const { policy } = policyFor(invocation, io.cwd);
  const change = { name, event, by: "user", reason: flags.text("reason") ?? "", notice: "" } as const;
  const result = await switchRule(change, policy.settings.audit, writeEffects(invocation));
  if (result.kind === "refused") throw refusal(invocation, name, result.code, result.detail);
  if (json) io.stdout.write(`${JSON.stringify({ rule: name, event, file: places.autoRules })}\n`);
  else if (word === "revoke")
    io.stdout.write(safeLine(`\`${name}\` allows nothing any more; undo: claude-permit rules restore ${name}`));
  else io.stdout.write(safeLine(`\`${name}\` is in force again`));
  return EXIT.fine;
}

function safeLine(text: string): string {
  return `${safeText(text)}\n`;
}

/** A rule of another file is the user's own text: where it stands is said, and nothing is done. */
function refusal(invocation: Invocation, name: string, code: string, detail: string): CliError {
  const place = policyFor(invocation, invocation.io.cwd).policy.rules.find(({ id }) => id === name);
  if (code === "rule-not-found" && place !== undefined) {
    const at = `${place.source.file}:${place.source.line}`;
    return new CliError(
      "not_promoted",
      `\`${name}\` is not a promoted rule`,
      `remove it at ${at}, or write enabled = false`,
    );
  }
  const hint = code === "rule-not-found" ? "`claude-permit rules history` names them" : "see `claude-permit status`";
  return new CliError(code.replaceAll("-", "_"), detail, code === "already" ? undefined : hint);
}
