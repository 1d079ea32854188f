/** A change of two files, killed before each of its steps: each file is old or new, and the next change finishes it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { changePolicyFiles, readPolicyText } from "../../src/store/policy-change.js";

const script = fileURLToPath(new URL("killed-change.mjs", import.meta.url));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));

it("leaves the old or the new files, and finishes what it began", { timeout: 60_000 }, async () => {
  const seen = new Set<string>();
  let steps = 0;
  for (let isDone = false; !isDone; ) {
    steps += 1;
    const home = mkdtempSync(join(tmpdir(), "claude-permit-killed-"));
    const [config, auto] = [join(home, "config.toml"), join(home, "auto-rules.toml")];
    const texts = () => [readPolicyText(config), readPolicyText(auto)];
    writeFileSync(config, "# old\n");
    const { status, signal } = spawnSync(process.execPath, [script, dist, home, String(steps)]);
    isDone = status === 0;
    expect(isDone || signal === "SIGKILL").toBe(true);
    const [now, nowAuto] = texts();
    expect(["# old\n", "# new\n"]).toContain(now);
    expect([null, "# new too\n"]).toContain(nowAuto);
    seen.add(texts().join("|"));

    // The dead holder's locks would be waited for.
    for (const name of ["config.toml", "auto-rules.toml", "state/changes"])
      rmSync(join(home, `${name}.lock`), { recursive: true, force: true });
    const places = {
      home,
      history: join(home, "history.jsonl"),
      audit: join(home, "audit.jsonl"),
      state: join(home, "state"),
    };
    await changePolicyFiles(
      places,
      [config, auto],
      () => null,
      (answer): answer is never => answer !== null,
    );
    const after = texts();
    expect([["# old\n", null].join("|"), ["# new\n", "# new too\n"].join("|")]).toContain(after.join("|"));
    const told =
      readPolicyText(places.history)
        ?.split("\n")
        .filter((line) => line.includes("change-1-0")).length ?? 0;
    expect(told).toBe(after[0] === "# new\n" ? 1 : 0);
    const logged = (readPolicyText(places.audit) ?? "").split("\n").filter((line) => line.includes('"change-1"'));
    expect(logged.length).toBe(told);
    rmSync(home, { recursive: true, force: true });
  }
  expect(steps).toBeGreaterThan(15);
  expect([...seen].sort()).toEqual(["# new\n|", "# new\n|# new too\n", "# old\n|"]);
});
