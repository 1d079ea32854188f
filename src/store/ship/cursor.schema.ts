/** The door of a shipping cursor, which is read from a file: how far each log of this home was shipped to one endpoint. */
import * as z from "zod";

const whole = () => z.int().min(0);

/** A stretch of a log, in bytes from its start, decompressed. */
const stretchSchema = z.strictObject({ log: z.string(), from: whole(), to: whole() });

export const cursorSchema = z.strictObject({
  v: z.literal(1),
  /** Without user and password. */
  endpoint: z.string(),
  /**
   * Of each log, oldest first: bytes shipped, and bytes there when it was last looked at. `isWhole`: all of it is shipped
   * and it will not grow.
   */
  logs: z.array(
    z.strictObject({ log: z.string(), name: z.string(), sent: whole(), seen: whole(), isWhole: z.boolean() }),
  ),
  /** Sealed: what is being shipped, and how many posts of it were taken. The same again after a failure. */
  batch: z
    .strictObject({
      rev: whole(),
      profile: z.string(),
      stretches: z.array(stretchSchema),
      posts: whole(),
      dropped: whole(),
    })
    .nullable(),
  /** Of the newest sealed batch: the next one's is higher. */
  rev: whole(),
  /** Bytes of log given up: more than the limit was waiting, or logs were removed before they were shipped. `untold`: lines no batch has told of yet. */
  lost: z.strictObject({ bytes: whole(), lines: whole(), at: whole().nullable(), untold: whole() }),
  /** Rows that the endpoint took and threw away, as it said. */
  rejected: whole(),
  shipped: z.strictObject({ rows: whole(), batches: whole(), at: whole().nullable() }),
  failure: z.strictObject({ at: whole(), message: z.string(), times: whole() }).nullable(),
});

export type Cursor = z.infer<typeof cursorSchema>;
export type Stretch = z.infer<typeof stretchSchema>;
