/** A home with a log, and shipping from it as the command does, with every effect at hand. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bodyText } from "../../src/analyze/ship/body-text.js";
import { readEndpoint } from "../../src/analyze/ship/endpoint.js";
import type { Limits } from "../../src/analyze/ship/plan-batch.js";
import { openPost, type Post } from "../../src/analyze/ship/post.js";
import { createProtection, type Profile } from "../../src/analyze/ship/protect-row.js";
import { type Shipped, ship } from "../../src/analyze/ship/ship.js";
import { listShipLogs, type ShipLogsOptions } from "../../src/analyze/ship/ship-logs.js";
import { redactText } from "../../src/core/audit/redact.js";
import { DEFAULT_SETTINGS } from "../../src/core/policy/settings.js";
import { cursorPath, newCursor, readCursor, writeCursor } from "../../src/store/ship/cursor.js";
import type { Cursor } from "../../src/store/ship/cursor.schema.js";
import { createKeyedHash } from "../../src/store/ship/ship-keys.js";

export const KEY = Buffer.alloc(32, 7);

export interface ShipWorld {
  readonly home: string;
  readonly log: string;
  readonly cursor: () => Cursor;
  readonly ship: (more?: Partial<ShipSetup>) => Promise<Shipped>;
}

export interface ShipSetup {
  readonly profile: Profile;
  readonly limits: Limits;
  readonly post: Post;
  readonly now: () => number;
  /** How long a run may take. */
  readonly forMs: number;
  /** Before every write of the cursor; may throw, as a kill would end it. */
  readonly beforeWrite: () => void;
  readonly sleep: (ms: number) => Promise<void>;
}

const UNLIMITED: Limits = { batchBytes: 32_768, maxBacklogBytes: null, maxBacklogMs: null };

export function shipWorld(url: string): ShipWorld {
  const home = mkdtempSync(join(tmpdir(), "permit-ship-"));
  const state = join(home, "state");
  mkdirSync(state);
  const read = readEndpoint({ ...DEFAULT_SETTINGS.ship, endpoint: url }, {});
  if (read.kind !== "endpoint") throw new Error(`no endpoint: ${url}`);
  const clean = (text: string) => redactText(text).text;
  const file = cursorPath(state, url);
  const hash = createKeyedHash(KEY);
  const cursor = () => {
    const known = readCursor(file);
    if (known.kind === "failed") throw new Error(known.why);
    return known.kind === "cursor" ? known.cursor : newCursor(url);
  };
  return {
    home,
    log: join(home, "audit.jsonl"),
    cursor,
    async ship(more = {}) {
      const { profile = "full", limits = UNLIMITED, now = Date.now, forMs = 60_000, beforeWrite = () => {} } = more;
      const opened = openPost(read.endpoint, { headers: { "x-given": "yes" } }, "test", now);
      const logs: Omit<ShipLogsOptions, "known"> = {
        nameOf: (line) => hash("log", Buffer.from(line).toString("latin1")),
        now: now(),
        spoolFolder: tmpdir(),
      };
      try {
        return await ship({
          cursor: cursor(),
          profile,
          protect: createProtection({ profile, hash, redact: clean, homes: ["/home/u"] }),
          bodyOf: (record) => (profile === "full" ? bodyText(record, clean, []) : ""),
          limits,
          machine: hash("machine", "test"),
          version: "0.0.0",
          listLogs: (known) => listShipLogs(home, { ...logs, known }),
          write: (next) => {
            beforeWrite();
            return writeCursor(file, next);
          },
          post: more.post ?? opened.post,
          patience: { now, sleep: more.sleep ?? (async () => {}), random: () => 0.5, deadline: now() + forMs },
          onProgress: () => {},
        });
      } finally {
        opened.close();
      }
    },
  };
}
