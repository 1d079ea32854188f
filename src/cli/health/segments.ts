/** Do rotated segments take more room than they need, or stay longer than the settings say? */
import { planUpkeep } from "../../store/plan-upkeep.js";
import { listSegments } from "../../store/segments.js";
import type { Look } from "./check.js";

/** Below this it is not worth a word. */
const MANY_BYTES = 1e9;

export const lookAtSegments: Look = ({ io, where, loaded }) => {
  const segments = listed(where.home);
  const { compress, remove } = planUpkeep(segments, loaded.policy.settings.audit.retainDays, io.now());
  const bytes = compress.reduce((sum, { size }) => sum + size, 0);
  const fix = "claude-permit prune";
  if (remove.length > 0) {
    const found = `${remove.length} rotated segments are past retain_days`;
    return { state: "note", found, why: "the settings say they are not to be kept", fix };
  }
  if (bytes < MANY_BYTES) return null;
  const found = `${compress.length} rotated segments of ${(bytes / 1e6).toFixed(0)} MB are not compressed`;
  return { state: "note", found, why: "compressed they take about a tenth", fix };
};

function listed(home: string): ReturnType<typeof listSegments> {
  try {
    return listSegments(home);
  } catch {
    return [];
  }
}
