/** Everything `status` looks at, in the order it is shown. */
import { lookAtAnswer } from "./answer.js";
import type { Check, Look, Surroundings } from "./check.js";
import { lookAtClaude, lookAtMode } from "./claude.js";
import { lookAtHome } from "./home.js";
import { lookAtModel } from "./llm.js";
import { lookAtClock, lookAtLines, lookAtLog } from "./log.js";
import { lookAtCompiled, lookAtDisk, lookAtNotices } from "./machine.js";
import { lookAtPolicy, lookAtTrust } from "./policy.js";
import { lookAtDouble, lookAtRegistration, lookAtSettings, lookAtSwitches } from "./registration.js";
import { lookAtSegments } from "./segments.js";
import { lookAtShipping } from "./shipping.js";

const LOOKS: readonly (readonly [name: string, look: Look])[] = [
  ["hooks", lookAtRegistration],
  ["registered twice", lookAtDouble],
  ["settings files", lookAtSettings],
  ["hooks switched off", lookAtSwitches],
  ["answer", lookAtAnswer],
  ["Claude Code", lookAtClaude],
  ["permission mode", lookAtMode],
  ["home", lookAtHome],
  ["policy", lookAtPolicy],
  ["project file", lookAtTrust],
  ["compiled policy", lookAtCompiled],
  ["language model", lookAtModel],
  ["log", lookAtLog],
  ["log lines", lookAtLines],
  ["log segments", lookAtSegments],
  ["shipping", lookAtShipping],
  ["clock", lookAtClock],
  ["disk", lookAtDisk],
  ["notices", lookAtNotices],
];

/** What is told in one line when all is well. */
export const HEADLINES: readonly string[] = ["answer", "policy", "log"];

export function checkAll(around: Surroundings): readonly Check[] {
  return LOOKS.flatMap(([name, look]) => {
    const seen = look(around);
    return seen === null ? [] : [{ name, ...seen }];
  });
}
