/**
 * A rule of auto-rules.toml switched off or on again. It stays in the file: its comment, its place and where it came
 * from survive, and the model cannot make it a second time.
 */
import type { Settings } from "../../core/policy/policy.js";
import { updateRule } from "../../core/policy/toml-edit.js";
import { recordLine } from "../own-record.js";
import { type ChangeResult, changeAutoRules } from "./change-auto-rules.js";
import { revokedRecord } from "./change-records.js";
import type { RuleChangeEvent } from "./rule-history.js";
import type { WriteEffects } from "./write-rule.js";

export interface RuleSwitch {
  readonly name: string;
  /** `rule_suspended`: what the user did contradicts it. */
  readonly event: Extract<RuleChangeEvent, "rule_revoked" | "rule_restored" | "rule_suspended">;
  /** `user`, `probation`. */
  readonly by: string;
  /** "" for none. */
  readonly reason: string;
  /** What the user is told at the next chance, "" for nothing. */
  readonly notice: string;
}

const SUSPENDED = "suspended: ";

/** Codes beside those of `changeAutoRules`: `rule-not-found`, `already`, `not-writable`. */
export function switchRule(
  { name, event, by, reason, notice }: RuleSwitch,
  audit: Settings["audit"],
  { places, deps, newId }: WriteEffects,
  who: "command" | "hook" = "command",
): Promise<ChangeResult> {
  const isOn = event === "rule_restored";
  return changeAutoRules(
    places,
    ({ text, rules }) => {
      const rule = rules.find((one) => one.name === name);
      if (rule === undefined) {
        return { kind: "refused", code: "rule-not-found", detail: `no rule \`${name}\` in ${places.autoRules}` };
      }
      if (rule.enabled === isOn) {
        return { kind: "refused", code: "already", detail: `\`${name}\` is switched ${isOn ? "on" : "off"} already` };
      }
      const note = event === "rule_suspended" && rule.reason === undefined ? { reason: `${SUSPENDED}${reason}` } : {};
      const cleared = rule.reason?.startsWith(SUSPENDED) === true ? { reason: null } : {};
      const edit = updateRule(text, { name }, isOn ? { enabled: null, ...cleared } : { enabled: false, ...note });
      if (edit.kind === "refused") return { kind: "refused", code: "not-writable", detail: edit.detail };
      const moment = { id: newId(), now: deps.now };
      const timestamp = new Date(deps.now).toISOString();
      const why = reason === "" ? {} : { reason };
      const session = rule.provenance?.promotedSession ?? "";
      const line = isOn ? "" : recordLine(revokedRecord(name, session, reason || "revoked", moment), audit);
      const change = { id: moment.id, timestamp, event, rule: name, by, ...why };
      return { kind: "change", planned: { text: edit.text, change, line, notice } };
    },
    who,
  );
}
