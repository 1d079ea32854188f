/**
 * Calls as rows of small integers. Calls share their settings, rulings and what they did with many others, so each of
 * these is numbered once for one tally and not once for each call.
 */
import type { Key } from "./definitions.js";
import { NUMBER_COLUMNS } from "./fact.js";
import type { FactPart, FactRow } from "./fact-row.js";
import { doingColumns, joinedColumns, type LocalHour, rulingColumns, settingColumns } from "./facts.js";
import { type Call, doingOf, type Ruling, settingOf } from "./open-call.js";

/** What a call names several of, each once, and their numbers. */
export interface Named {
  readonly texts: readonly string[];
  readonly ids: readonly number[];
}

interface NumberedDoing {
  readonly part: FactPart;
  readonly commands: Named;
  readonly paths: Named;
}

interface NumberedRuling {
  readonly part: FactPart;
  readonly rules: Named;
}

/** What is not shared would gather here. */
const KEPT = 8_192;

export class CallFacts {
  /** Of the call that was taken last. */
  commands: Named = NONE;
  paths: Named = NONE;
  rules: Named = NONE;
  readonly #row: FactRow;
  readonly #settings = new Map<ReturnType<typeof settingOf>, FactPart>();
  readonly #doings = new Map<ReturnType<typeof doingOf>, NumberedDoing>();
  readonly #rulings = new Map<Ruling, NumberedRuling>();
  readonly #joined: FactPart[] = [];
  #hour: LocalHour | null = null;
  readonly #parts: FactPart[] = [];
  readonly #numbers = new Float64Array(NUMBER_COLUMNS.length);

  /** @param row holds the call that is taken */
  constructor(row: FactRow) {
    this.#row = row;
  }

  take(call: Call, hour: LocalHour): void {
    const { calling, ruling, outcome } = call;
    const parts = this.#parts;
    if (this.#hour !== hour) {
      this.#hour = hour;
      parts[0] = this.#row.partOf({ day: hour.day, hour: hour.hour });
    }
    const setting = settingOf(calling);
    parts[1] = this.#settings.get(setting) ?? kept(this.#settings, setting, this.#row.partOf(settingColumns(setting)));
    const doing = doingOf(calling);
    const done = this.#doings.get(doing) ?? kept(this.#doings, doing, this.#numberedDoing(doing));
    const ruled = this.#rulings.get(ruling) ?? kept(this.#rulings, ruling, this.#numberedRuling(ruling));
    parts[2] = done.part;
    parts[3] = ruled.part;
    parts[4] = this.#joinedOf(call);
    this.commands = done.commands;
    this.paths = done.paths;
    this.rules = ruled.rules;
    const numbers = this.#numbers;
    numbers[0] = calling.timeMs;
    numbers[1] = calling.hookUs ?? Number.NaN;
    numbers[2] = outcome?.toolMs ?? Number.NaN;
    numbers[3] = ruling.verdict?.latencyMs ?? Number.NaN;
    this.#row.takeParts(parts, numbers);
  }

  #numberedDoing(doing: ReturnType<typeof doingOf>): NumberedDoing {
    return {
      part: this.#row.partOf(doingColumns(doing)),
      commands: this.named("command", doing.commands),
      paths: this.named("path", doing.paths),
    };
  }

  #numberedRuling(ruling: Ruling): NumberedRuling {
    return { part: this.#row.partOf(rulingColumns(ruling)), rules: this.named("rule", ruling.rules) };
  }

  /** Where no model was asked and nothing else proposed, little can become of a call. */
  #joinedOf(call: Call): FactPart {
    const { ruling, outcome, rejected } = call;
    if (ruling.verdict !== null || ruling.reroute !== null) return this.#row.partOf(joinedColumns(call));
    const success = outcome?.success;
    const place = (success === undefined ? 0 : success ? 1 : 2) + (rejected ? 3 : 0);
    const known = this.#joined[place] ?? this.#row.partOf(joinedColumns(call));
    this.#joined[place] = known;
    return known;
  }

  named(key: Key, values: readonly string[]): Named {
    if (values.length === 0) return NONE;
    const texts = values.length === 1 ? values : [...new Set(values)];
    return { texts, ids: texts.map((text) => this.#row.numberOf(key, text)) };
  }
}

const NONE: Named = { texts: [], ids: [] };

function kept<Shared, Numbered>(known: Map<Shared, Numbered>, shared: Shared, numbered: Numbered): Numbered {
  if (known.size >= KEPT) known.clear();
  known.set(shared, numbered);
  return numbered;
}
