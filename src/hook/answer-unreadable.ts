/** The answer to an event that could not be read: recorded as such, and refused where something can be. */
import type { AuditRecord } from "../core/audit/record.js";
import { type HookResult, SILENCE, say } from "./answer.js";
import { answerRuling } from "./answer-call.js";
import { decisionRecord, momentRecord } from "./event-record.js";
import { failed } from "./failed.js";
import { type Scene, write } from "./scene.js";

/** Only a call can be refused; without even the event's name exit 2 is the one refusal every event understands. */
export function answerUnreadable(scene: Scene, why: string, hasName: boolean): HookResult {
  const { event, call, policy, context } = scene;
  if (event.event !== "PreToolUse") {
    write(scene, { ...momentRecord(event, context), error: why });
    return say(SILENCE);
  }
  const ruling = failed(why, policy?.settings.fail ?? "ask", call.attended);
  if (hasName) return say(answerRuling(scene, ruling));
  const record: AuditRecord = {
    ...decisionRecord(event, call, ruling, policy, scene.effects.elapsedUs(), context),
    event: "unreadable",
  };
  write(scene, record);
  return ruling.decision === "error_passthrough" ? say(SILENCE) : { stdout: "", stderr: ruling.reason, exitCode: 2 };
}
