/** Answered calls <-> a text, to be kept in a file: column by column, like calls and their texts once. */
import type { Answer } from "./answer-of.js";
import type { AnsweredCall, Answers } from "./answers.js";

type Judged = Pick<AnsweredCall, "call" | "resolved" | "key">;

interface Packed {
  /** Each once; of no session. */
  readonly judged: readonly Judged[];
  /** Sessions, subjects, files. */
  readonly texts: readonly string[];
  /** Of each call, as `ROW` says; -1 alone for one of which too little was kept. */
  readonly rows: readonly number[];
}

const ANSWERS: readonly Answer[] = ["approved", "refused"];

export function packAnswers(calls: Answers["calls"]): string {
  const judged = new Map<string, { readonly index: number; readonly one: Judged }>();
  const texts = new Map<string, number>();
  const textOf = (text: string): number => {
    const index = texts.get(text) ?? texts.size;
    texts.set(text, index);
    return index;
  };
  const rows: number[] = [];
  for (const one of calls) {
    if (one === null) {
      rows.push(-1);
      continue;
    }
    const { call, key, resolved, answer, isPrompted, timeMs, at, subject } = one;
    const shared = { call: { ...call, sessionId: "" }, key, ...(resolved === undefined ? {} : { resolved }) };
    const met = judged.get(key) ?? { index: judged.size, one: shared };
    judged.set(key, met);
    const end = at.lastIndexOf(":");
    const place = [textOf(at.slice(0, end)), Number(at.slice(end + 1))];
    const said = ANSWERS.indexOf(answer) + (isPrompted ? ANSWERS.length : 0);
    rows.push(met.index, textOf(call.sessionId), textOf(subject), ...place, timeMs, said);
  }
  const packed: Packed = { judged: [...judged.values()].map(({ one }) => one), texts: [...texts.keys()], rows };
  return JSON.stringify(packed);
}

/** @param placeOf a place as it is told now, from what it was when it was packed */
export function unpackAnswers(text: string, placeOf: (at: string) => string): Answers["calls"] {
  const { judged, texts, rows }: Packed = JSON.parse(text);
  const calls: (AnsweredCall | null)[] = [];
  const textOf = (at: number): string => texts[rows[at] ?? -1] ?? "";
  for (let at = 0; at < rows.length; ) {
    const one = judged[rows[at] ?? -1];
    if (one === undefined) {
      calls.push(null);
      at++;
      continue;
    }
    const said = rows[at + 6] ?? 0;
    calls.push({
      ...one,
      call: { ...one.call, sessionId: textOf(at + 1) },
      answer: ANSWERS[said % ANSWERS.length] ?? "refused",
      isPrompted: said >= ANSWERS.length,
      timeMs: rows[at + 5] ?? 0,
      at: placeOf(`${textOf(at + 3)}:${rows[at + 4]}`),
      subject: textOf(at + 2),
    });
    at += ROW;
  }
  return calls;
}

/** Call, session, subject, file, byte, moment, answer and whether somebody was asked. */
const ROW = 7;
