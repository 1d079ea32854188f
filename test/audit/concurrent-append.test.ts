/** Two hundred processes write to one log at once while it is rotated: nothing is lost, torn, glued or doubled. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { listSegments } from "../../src/store/segments.js";

const PROCESSES = 200;
const RECORDS = 50;
const AT_ONCE = 40;
const ROTATE_BYTES = 24_000_000;

/** One process: appends its records of 0.3 to 70 kB and rotates as the hook does. */
const WRITER = `
  import { encodeRecord } from ${JSON.stringify(new URL("../../src/core/audit/encode.ts", import.meta.url).pathname)};
  import { appendLine } from ${JSON.stringify(new URL("../../src/store/append.ts", import.meta.url).pathname)};
  import { rotate } from ${JSON.stringify(new URL("../../src/store/rotate.ts", import.meta.url).pathname)};
  const [log, who] = process.argv.slice(2);
  for (let n = 0; n < ${RECORDS}; n++) {
    const size = n % 5 === 0 ? 70_000 * ((n * 7 + Number(who)) % 10) / 10 : 100;
    const done = appendLine(log, encodeRecord({
      v: 1,
      id: "019c0000-0000-7000-8000-" + who.padStart(6, "0") + String(n).padStart(6, "0"),
      timestamp: new Date().toISOString(),
      event: "PreToolUse",
      session_id: who,
      tool_use_id: String(n),
      tool_input: { command: "x".repeat(size) },
      auto_promoted: false,
    }));
    if (done.kind === "failed") throw new Error(done.code);
    if (done.size > ${ROTATE_BYTES} && rotate(log, ${ROTATE_BYTES}).kind === "failed") throw new Error("rotate");
  }
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "append-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("200 processes, 50 records each, rotation on", { timeout: 120_000 }, async () => {
  writeFileSync(join(folder, "writer.ts"), WRITER);
  const bundle = await rolldown({ input: join(folder, "writer.ts"), platform: "node", logLevel: "silent" });
  await bundle.write({ file: join(folder, "writer.cjs"), format: "cjs" });
  await bundle.close();

  const home = join(folder, "home");
  const log = join(home, "audit.jsonl");
  const queue = Array.from({ length: PROCESSES }, (_, index) => String(index));
  const run = (who: string) =>
    new Promise<number | null>((resolve) => {
      spawn(process.execPath, [join(folder, "writer.cjs"), log, who], { stdio: "ignore" }).on("close", resolve);
    });
  const failures: unknown[] = [];
  const worker = async () => {
    for (let who = queue.pop(); who !== undefined; who = queue.pop()) {
      const code = await run(who);
      if (code !== 0) failures.push([who, code]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(failures).toEqual([]);

  const segments = listSegments(home);
  expect(segments.filter(({ kind }) => kind === "rotated").length).toBeGreaterThanOrEqual(2);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  for (const { file } of segments) expect(statSync(file).mode & 0o777).toBe(0o600);

  const opened = await openScan([home]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const seen = new Set<string>();
  const bad: unknown[] = [];
  let records = 0;
  for (const scanned of opened.scan.backward()) {
    if (scanned.kind === "bad") bad.push(scanned);
    else {
      records += 1;
      seen.add(scanned.record.id);
    }
  }
  expect(bad).toEqual([]);
  expect(records).toBe(PROCESSES * RECORDS);
  expect(seen.size).toBe(PROCESSES * RECORDS);
});
