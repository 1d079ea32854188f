/** Calls as the real hook judges and writes them, read back as the analyzer does. */

import type { Scanned } from "../../src/analyze/scan/scan.js";
import { decodeRecord } from "../../src/core/audit/decode.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { protectRecord } from "../../src/core/audit/protect.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { redactText } from "../../src/core/audit/redact.js";
import type { Policy } from "../../src/core/policy/policy.js";
import type { HookEffects } from "../../src/hook/scene.js";
import { calling, run } from "../hook/scene.js";

export interface Written {
  /** What the hook decided, before anything was redacted or cut. */
  readonly decided: AuditRecord;
  /** The line, read back. */
  readonly scanned: Extract<Scanned, { kind: "record" }>;
}

export interface Asked {
  readonly tool: string;
  readonly input: object;
  readonly more?: object;
  readonly effects?: Partial<HookEffects>;
}

let calls = 0;

export function written(policy: Policy, { tool, input, more = {}, effects = {} }: Asked): Written {
  calls += 1;
  const event = calling(tool, input, { tool_use_id: `toolu_${calls}`, ...more });
  const [decided] = run(event, policy, effects).records;
  if (decided === undefined) throw new Error("the hook wrote nothing");
  const line = encodeRecord(protectRecord(decided, (text, key) => redactText(text, key)));
  const read = decodeRecord(line);
  if (read.kind !== "record") throw new Error(`unreadable: ${line}`);
  const at = { file: "/log", offset: calls, length: line.length };
  return { decided, scanned: { kind: "record", record: read.record, timeMs: read.timeMs, at } };
}
