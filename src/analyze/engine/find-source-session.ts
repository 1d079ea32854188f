/** A session as people name it -> its id, among those that machines shipped. */
import type { FoundSession } from "../scan/find-session.js";
import { whole } from "./dialect.js";
import { runStatement, type SqlEngine } from "./engine.js";

const NAMED = 3;

/** `last`, `last-1`, an id or the beginning of one; the newest first, as in a log. */
export async function findSourceSession(engine: SqlEngine, text: string): Promise<FoundSession> {
  const back = /^last(?:-(\d{1,4}))?$/.exec(text);
  const { text: literal, startsWith, from } = engine.dialect;
  const newest = async (condition: string, count: number) => {
    const rows = await runStatement(engine, {
      sql: `SELECT session AS k0, max(time) AS m0 FROM ${from(null, { kinds: ["record"], window: {} })} WHERE kind = 'record' AND session <> ''${condition} GROUP BY k0 ORDER BY m0 DESC, k0 LIMIT ${whole(count)}`,
      yields: ["text", "int"],
    });
    return rows.map(([id]) => String(id));
  };
  const place = back === null ? 0 : Number(back[1] ?? 0);
  const found = await newest(back === null ? ` AND ${startsWith("session", literal(text))}` : "", place + 1);
  const id = found[place];
  if (id !== undefined) return { kind: "session", id };
  const near = back === null ? await newest("", NAMED) : found;
  return { kind: "none", sessions: near.length, newest: near.slice(0, NAMED), isBack: back !== null };
}
