/**
 * Every decided call of a window, each once, as `CallJoin` finds them and in its order, for who asks neither for prompts
 * nor for what came of a call: then most records need only be told apart. Memory stays flat.
 */
import type { AuditRecord } from "../../../core/audit/record.js";
import { type Decision, isDecision, type Source, sourceOf, strictest, type Tier } from "../../../core/decision.js";
import { readWindow } from "../../cubes/fold.js";
import { ALONE, COPY_WINDOW_MS, OPEN_CALLS } from "../../cubes/join-calls.js";
import { PromptJoin } from "../../cubes/join-prompts.js";
import { type Calling, callingOf, holdCalling, keepCalling, keyOf } from "../../cubes/open-call.js";
import { OpenMap } from "../../cubes/open-map.js";
import { RecentClock } from "../../cubes/recent-clock.js";
import { isCallingWanted } from "../../cubes/wanted.js";
import { holdRecord } from "../../scan/lazy-record.js";
import type { Scan } from "../../scan/open-scan.js";
import type { RecordFilter, Scanned } from "../../scan/scan.js";

export type DecidedFilter = Omit<RecordFilter, "tier" | "rule">;
type Met = Pick<Extract<Scanned, { kind: "record" }>, "record" | "timeMs" | "at" | "namesNoHost">;

/** How a call was decided, and by whom. */
export interface Decided {
  readonly decision: Decision;
  readonly tier: Tier | "";
  readonly source: Source;
}

interface OpenDecision {
  /** By the record that tells of the call, and by the strictest. */
  told: Told;
  ruled: Told;
  /** A PreToolUse record was met, not only a PermissionDenied one. */
  seen: boolean;
}

export function visitDecided(
  scan: Scan,
  filter: DecidedFilter,
  visit: (calling: Calling, decided: Decided) => void,
): void {
  const { since = -Infinity, until = Infinity, session, decision: asked } = filter;
  const clock = new RecentClock();
  const open = new OpenMap<OpenDecision>(OPEN_CALLS, close, ({ told, ruled }) => {
    told.keep();
    if (ruled !== told) ruled.keep();
  });
  const prompts = new PromptJoin(promptAlone);
  const window = readWindow({
    ...(filter.since === undefined ? {} : { since: filter.since }),
    ...(filter.until === undefined ? {} : { until: filter.until }),
  });
  const read = { ...window, ...(session === undefined ? {} : { session }) };
  let openedAt = 0;
  for (const one of scan.backward(read, { isLazy: true })) {
    if (one.kind === "bad") continue;
    clock.tick(one.timeMs);
    const { event } = one.record;
    if (event === "PreToolUse" || event === "PermissionDenied") decided(one);
    else if (event === "PermissionRequest") prompts.add(one);
  }
  prompts.finish();
  open.closeAll();

  function decided(one: Met): void {
    const { record, timeMs } = one;
    const { decision } = record;
    if (!isDecision(decision)) return;
    const told = new Told(one, decision, asked === undefined || asked === decision);
    const key = keyOf(record);
    if (key === null) {
      close({ told, ruled: told });
      return;
    }
    const isCall = record.event === "PreToolUse";
    // In a log without ids a prompt may be a decision of its own, unless its call is met.
    if (isCall) prompts.take(record, timeMs);
    const met = metCall(key, timeMs);
    if (met === undefined) {
      if (Math.abs(one.at.offset - openedAt) > ALONE) told.hold();
      openedAt = one.at.offset;
      open.set(key, { told, ruled: told, seen: isCall }, isOver);
      return;
    }
    if (isCall && (!met.seen || timeMs > met.told.timeMs)) met.told = told;
    met.ruled = stricter(met.ruled, told);
    met.seen ||= isCall;
  }

  /** The open call of this key, unless it is so far away that the id was used again. */
  function metCall(key: string, timeMs: number): OpenDecision | undefined {
    const call = open.get(key);
    if (call === undefined || Math.abs(call.told.timeMs - timeMs) <= COPY_WINDOW_MS) return call;
    open.delete(key);
    close(call);
    return undefined;
  }

  function isOver({ told }: OpenDecision): boolean {
    return told.timeMs - COPY_WINDOW_MS > clock.now;
  }

  function promptAlone(one: Met): void {
    const { tool_use_id: id, decision } = one.record;
    if (id === undefined && isDecision(decision) && decision !== "passthrough") {
      const told = new Told(one, decision, true);
      close({ told, ruled: told });
    }
  }

  function close({ told, ruled }: Pick<OpenDecision, "told" | "ruled">): void {
    if (asked !== undefined && ruled.decision !== asked) return;
    if (told.timeMs < since || told.timeMs >= until) return;
    const { calling } = told;
    if (isCallingWanted(calling, filter)) visit(calling, ruled.decided);
  }
}

/** What a record tells of its call: read at once where it is likely to be asked for, while its line is at hand. */
class Told {
  readonly timeMs: number;
  readonly #met: Met;
  #calling: Calling | null;
  #decided: Decided | null;
  #isKept = false;

  constructor(
    met: Met,
    readonly decision: Decision,
    isLikely: boolean,
  ) {
    this.timeMs = met.timeMs;
    this.#met = met;
    this.#calling = isLikely ? readCalling(met) : null;
    this.#decided = isLikely ? readDecided(met.record, decision) : null;
  }

  get decided(): Decided {
    this.#decided ??= readDecided(this.#met.record, this.decision);
    return this.#decided;
  }

  get isImported(): boolean {
    return this.#met.record.imported_from !== undefined;
  }

  get calling(): Calling {
    this.#calling ??= readCalling(this.#met);
    return this.#calling;
  }

  keep(): void {
    if (this.#calling !== null) keepCalling(this.#calling);
    else if (this.#isKept) holdRecord(this.#met.record);
    this.#isKept = true;
  }

  hold(): void {
    if (this.#calling !== null) holdCalling(this.#calling);
    else holdRecord(this.#met.record);
  }
}

/** As of rulings: of two that are equally strict our own before an imported one, else the one met first. */
function stricter(met: Told, next: Told): Told {
  if (met.decision === next.decision) return met.isImported && !next.isImported ? next : met;
  return strictest(met.decision, next.decision) === met.decision ? met : next;
}

function readDecided({ tier, rule_id: rule = "" }: AuditRecord, decision: Decision): Decided {
  return { decision, tier: tier ?? "", source: tier === undefined ? "none" : sourceOf(tier, rule) };
}

function readCalling({ record, timeMs, at, namesNoHost }: Met): Calling {
  return callingOf(record, timeMs, at, namesNoHost);
}
