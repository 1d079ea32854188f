/** What a machine can do to the hook: each time the decision goes out, and nothing in the log is lost or torn. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { buildHook } from "../../scripts/build-hook.mjs";
import { type Place, temporaryPlace, USER_CONFIG } from "../store/temporary.js";
import { builtHook, logged, permissionOf } from "./bundle.js";
import { calling } from "./scene.js";

const hook = builtHook();

const RULES = `
[[deny]]
name = "no-rm"
pattern = "Bash(rm *)"
[[allow]]
name = "ok-ls"
pattern = "Bash(ls *)"
[[allow]]
name = "ok-read"
pattern = "Read"
`;

function placeWith(rules = RULES): Place {
  const place = temporaryPlace();
  place.write(USER_CONFIG, rules);
  return place;
}

function bash(place: Place, command: string, more: object = {}): object {
  return calling("Bash", { command }, { cwd: place.project, ...more });
}

async function decided(place: Place, command: string, more: object = {}): Promise<string> {
  return permissionOf(await hook.start(place, bash(place, command, more)));
}

/** Lets the stamps of what was just written settle, so that the compiled policy is kept. */
async function settled(place: Place): Promise<void> {
  const past = new Date(Date.now() - 60_000);
  utimesSync(join(place.root, USER_CONFIG), past, past);
  await new Promise((resolve) => setTimeout(resolve, 150));
}

const canMount = process.platform === "linux" && process.getuid?.() === 0 && triedMount();

function triedMount(): boolean {
  const folder = join(execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim());
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0;
  if (isMounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
}

/** The place's home as a small disk of its own. */
function onSmallDisk(place: Place, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=700`, "tmpfs", place.home]);
  onTestFinished(() => {
    spawnSync("umount", ["-l", place.home]);
  });
}

describe("a kill at any instant", () => {
  test("leaves whole records only, and the next call is decided and recorded", { timeout: 60_000 }, async () => {
    const place = placeWith();
    await decided(place, "ls");
    let answered = 0;
    for (let round = 0; round < 40; round++) {
      const killed = await hook.start(place, bash(place, "rm x"), { killAfter: (round * 7) % 61 });
      if (killed.stdout !== "") {
        answered += 1;
        expect(permissionOf(killed)).toBe("deny");
      }
    }
    const before = logged(place.home).length;
    expect(before).toBeGreaterThanOrEqual(answered + 1);
    expect(await decided(place, "rm x")).toBe("deny");
    expect(logged(place.home)).toHaveLength(before + 1);
  });

  test("while the policy is being compiled for the first time", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 8; round++) {
      const place = placeWith();
      await hook.start(place, bash(place, "ls"), { killAfter: 30 + round * 20 });
      expect([await decided(place, "rm x"), await decided(place, "ls")]).toEqual(["deny", "allow"]);
    }
  });
});

describe.skipIf(!canMount)("disks (root only)", () => {
  test("a full one: decisions go out, and later records stand on lines of their own", async () => {
    const place = placeWith();
    onSmallDisk(place, "64k");
    writeFileSync(join(place.home, "config.toml"), RULES);
    await decided(place, "ls", { tool_use_id: "first" });
    fill(join(place.home, "ballast"));
    // Longer than what is left of the log's last block.
    const during = [
      await decided(place, `rm ${"x".repeat(6_000)}`),
      await decided(place, "ls"),
      await decided(place, "make"),
    ];
    expect(during).toEqual(["deny", "allow", ""]);
    const stop = await hook.start(place, { hook_event_name: "Stop", session_id: "s-1", cwd: place.project });
    expect(stop.stdout).toMatch(/ENOSPC|short-write/);
    rmSync(join(place.home, "ballast"));
    expect(await decided(place, "rm x", { tool_use_id: "last" })).toBe("deny");
    const lines = readFileSync(join(place.home, "audit.jsonl"), "utf8").split("\n");
    expect(lines.at(-1)).toBe("");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ tool_use_id: "first", decision: "allow" });
    expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({ tool_use_id: "last", decision: "deny" });
  });

  test("a read-only one: decisions go out, and the user is told", async () => {
    const place = placeWith();
    onSmallDisk(place, "4m");
    writeFileSync(join(place.home, "config.toml"), RULES);
    await decided(place, "ls");
    execFileSync("mount", ["-o", "remount,ro", place.home]);
    expect([await decided(place, "rm x"), await decided(place, "ls")]).toEqual(["deny", "allow"]);
    const stop = await hook.start(place, { hook_event_name: "Stop", session_id: "s-1", cwd: place.project });
    expect(stop.stdout).toContain("EROFS");
    expect(logged(place.home)).toHaveLength(1);
  });
});

/** Writes until the disk takes no byte more. */
function fill(path: string): void {
  for (const size of [4096, 512, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch {
      // Full for this size.
    }
  }
}

describe("files that others change", () => {
  test("a log removed between calls begins anew", async () => {
    const place = placeWith();
    await decided(place, "ls");
    rmSync(join(place.home, "audit.jsonl"));
    expect(await decided(place, "rm x")).toBe("deny");
    expect(logged(place.home)).toMatchObject([{ decision: "deny" }]);
    expect(statSync(join(place.home, "audit.jsonl")).mode & 0o777).toBe(0o600);
  });

  test("the whole home removed but for the config", async () => {
    const place = placeWith();
    await decided(place, "ls");
    for (const name of readdirSync(place.home))
      if (name !== "config.toml") rmSync(join(place.home, name), { recursive: true });
    expect([await decided(place, "rm x"), await decided(place, "ls")]).toEqual(["deny", "allow"]);
    expect(logged(place.home)).toHaveLength(2);
  });

  test("stale locks and half-written temporary files are in nobody's way", async () => {
    const place = placeWith();
    for (const path of [
      "config.toml.lock",
      "auto-rules.toml.lock",
      "audit.jsonl.lock",
      "state/registrations.json.lock",
    ])
      mkdirSync(join(place.home, path), { recursive: true });
    mkdirSync(join(place.home, "cache"));
    writeFileSync(join(place.home, "cache", "policy-0.json.1-1.tmp"), "{");
    expect([await decided(place, "rm x"), await decided(place, "ls")]).toEqual(["deny", "allow"]);
    expect(logged(place.home)).toHaveLength(2);
  });

  test("a line of 100 MB without an end: the next record stands on its own line, and Stop answers", async () => {
    const place = placeWith();
    const log = join(place.home, "audit.jsonl");
    const file = openSync(log, "w", 0o600);
    ftruncateSync(file, 100_000_000);
    closeSync(file);
    expect(await decided(place, "rm x")).toBe("deny");
    const stop = await hook.start(place, { hook_event_name: "Stop", session_id: "s-1", cwd: place.project });
    expect(stop.code).toBe(0);
    const tail = execFileSync("tail", ["-c", "2000", log]).toString("latin1").split("\n").slice(-3);
    expect(tail.slice(0, 2).map((line) => JSON.parse(line).event)).toEqual(["PreToolUse", "Stop"]);
  });
});

test("two versions by turns on one home: each decision is that of the config as it is", {
  timeout: 60_000,
}, async () => {
  const place = placeWith();
  const other = join(place.root, "other");
  await buildHook(other, "99.0.0");
  await settled(place);
  const program = join(other, "hook.cjs");
  const both = async (command: string): Promise<string[]> => [
    await decided(place, command),
    permissionOf(await hook.start(place, bash(place, command), { program })),
  ];
  for (const _ of [1, 2, 3]) expect(await both("rm x")).toEqual(["deny", "deny"]);
  expect(await both("ls")).toEqual(["allow", "allow"]);
  place.write(USER_CONFIG, RULES.replace("Bash(ls *)", "Bash(make *)"));
  expect(await both("ls")).toEqual(["", ""]);
  await settled(place);
  for (const _ of [1, 2]) expect(await both("make")).toEqual(["allow", "allow"]);
  const records = logged(place.home).filter(({ event }) => event === "PreToolUse");
  expect(new Set(records.map(({ engine_version }) => engine_version)).size).toBe(2);
  const policies = readdirSync(join(place.home, "cache")).filter((name) => name.startsWith("policy-"));
  expect(policies.length).toBeLessThanOrEqual(2);
});

test("200 calls at once: every decision right, every record whole and there once", { timeout: 120_000 }, async () => {
  const place = placeWith();
  await settled(place);
  await decided(place, "ls", { tool_use_id: "t000" });
  rmSync(join(place.home, "audit.jsonl"));
  const ids = Array.from({ length: 200 }, (_, index) => `t${String(index).padStart(3, "0")}`);
  const all = await Promise.all(
    ids.map((id, index) => decided(place, index % 2 === 0 ? "rm x" : "ls", { tool_use_id: id })),
  );
  expect(all).toEqual(ids.map((_, index) => (index % 2 === 0 ? "deny" : "allow")));
  const found = logged(place.home).map(({ tool_use_id }) => String(tool_use_id));
  expect(found.sort()).toEqual(ids);
});

test("60 calls in a row leave nothing behind but their records, all of one size", { timeout: 60_000 }, async () => {
  const place = placeWith();
  await settled(place);
  const call = (id: number): object =>
    id % 2 === 0
      ? bash(place, "ls", { tool_use_id: `t${id}` })
      : calling("Read", { file_path: "/a" }, { cwd: place.project, tool_use_id: `t${id}` });
  for (const id of [10, 11, 12]) await hook.start(place, call(id));
  const before = sizes(place.home);
  const known = logged(place.home).length;
  for (let id = 20; id < 80; id++) await hook.start(place, call(id));
  expect(sizes(place.home)).toEqual(before);
  const lengths = readFileSync(join(place.home, "audit.jsonl"), "utf8").trimEnd().split("\n").slice(known);
  const bySort = (even: boolean): number[] =>
    lengths.filter((_, at) => (at % 2 === 0) === even).map((line) => line.replace(/"duration_us":\d+/, "").length);
  expect([new Set(bySort(true)).size, new Set(bySort(false)).size, lengths.length]).toEqual([1, 1, 60]);
});

/** Every file below a home with its size, the log left out. */
function sizes(home: string): Readonly<Record<string, number>> {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith("audit.jsonl"));
  return Object.fromEntries(named.sort().map((path) => [path, statSync(path).size]));
}
