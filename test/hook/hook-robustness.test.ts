import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Place, temporaryPlace, USER_CONFIG } from "../store/temporary.js";
import { builtHook, logged, permissionOf, type Started } from "./bundle.js";
import { calling } from "./scene.js";

const hook = builtHook();

const RULES = `
[[deny]]
name = "no-rm"
pattern = "Bash(rm *)"
[[allow]]
name = "ok"
tool = "Bash|Write"
`;

function placeWith(rules = RULES): Place {
  const place = temporaryPlace();
  place.write(USER_CONFIG, rules);
  return place;
}

/** A refusal that Claude Code understands as one, or a process that answered nothing at all. */
function refused({ code, signal, stdout }: Started): boolean {
  if (code === 2 || signal !== null) return code === 2 || stdout === "";
  return code === 0 && ["deny", "ask"].includes(JSON.parse(stdout).hookSpecificOutput.permissionDecision);
}

describe("events of every size and shape", () => {
  test("64 MB that would be allowed if it were smaller is asked about, with its session in the record", async () => {
    const place = placeWith();
    const event = JSON.stringify(calling("Write", { file_path: "/tmp/x", content: "x".repeat(64 << 20) }));
    const started = await hook.start(place, event);
    expect([started.code, permissionOf(started)]).toEqual([0, "ask"]);
    expect(logged(place.home)).toMatchObject([{ tier: "error", session_id: "s-1", tool_name: "Write" }]);
    expect(statSync(join(place.home, "audit.jsonl")).size).toBeLessThan(10_000);
  });

  test("4 MB of content is judged, and its record is cut", async () => {
    const place = placeWith();
    const started = await hook.start(place, calling("Write", { file_path: "/tmp/x", content: "x".repeat(4 << 20) }));
    expect(permissionOf(started)).toBe("allow");
    expect(logged(place.home)).toMatchObject([{ decision: "allow", input_truncated: true }]);
    expect(statSync(join(place.home, "audit.jsonl")).size).toBeLessThan(10_000);
  });

  test.each<[string, (depth: number) => string]>([
    ["lists", (depth) => "[".repeat(depth) + "]".repeat(depth)],
    ["objects", (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`],
  ])("a call with a million nested %s ends in one complete answer or exit 2, and a readable log", async (_, nest) => {
    const place = placeWith();
    const event = JSON.stringify(calling("Bash", { command: "rm x", deep: 0 })).replace(
      '"deep":0',
      `"deep":${nest(1_000_000)}`,
    );
    const started = await hook.start(place, event);
    expect(refused(started)).toBe(true);
    expect(logged(place.home).length).toBeLessThanOrEqual(1);
  });

  test("a command of a hundred thousand nested substitutions is refused", async () => {
    const place = placeWith();
    const command = `ls ${"$(".repeat(15_000)}rm x${")".repeat(15_000)}`;
    expect(refused(await hook.start(place, calling("Bash", { command })))).toBe(true);
  });

  test.each<[string, Buffer | string]>([
    ["nothing", ""],
    ["no JSON", "hello"],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ["a call cut in the middle", JSON.stringify(calling("Bash", { command: "ls" })).slice(0, 200)],
    ["a call with NUL in its command", JSON.stringify(calling("Bash", { command: "ls\0rm x" }))],
    ["a call with half a surrogate", JSON.stringify(calling("Bash", { command: "rm \ud800" }))],
  ])("%s is refused and leaves one readable record", async (_, event) => {
    const place = placeWith();
    expect(refused(await hook.start(place, event))).toBe(true);
    expect(logged(place.home)).toHaveLength(1);
  });

  test("hostile field values cost nothing but themselves", async () => {
    const place = placeWith();
    const started = await hook.start(
      place,
      calling(
        "Bash",
        { command: "rm x", __proto__x: 1, constructor: "a" },
        { session_id: '../../x","decision":"allow', cwd: "\n" },
      ),
    );
    expect(permissionOf(started)).toBe("deny");
    expect(logged(place.home)).toMatchObject([{ decision: "deny", session_id: '../../x","decision":"allow' }]);
  });
});

describe("an end at any moment", () => {
  test("a reader that is gone: exit 2, never 0", async () => {
    const place = placeWith();
    const started = await hook.start(place, calling("Bash", { command: "rm x" }), { closeStdout: true });
    expect(started.code).toBe(2);
    expect(logged(place.home)).toMatchObject([{ decision: "deny" }]);
  });

  test("silence needs no reader", async () => {
    const started = await hook.start(placeWith(""), calling("Bash", { command: "ls" }), { closeStdout: true });
    expect(started.code).toBe(0);
  });

  test("being told to stop at any moment gives a whole answer or none, never half of one", async () => {
    const place = placeWith();
    const command = `rm ${"x ".repeat(14_000)}`;
    await hook.start(place, calling("Bash", { command }));
    for (const terminateAfter of [5, 20, 40, 60, 90, 130]) {
      const started = await hook.start(place, calling("Bash", { command }), { terminateAfter });
      // Told while it ends, it ends by the signal with its answer already whole.
      const given = started.stdout === "" && started.code !== 0 ? "nothing" : permissionOf(started);
      expect(["deny", "nothing"]).toContain(given);
    }
    expect(logged(place.home).length).toBeGreaterThanOrEqual(1);
  });
});

describe("missing and damaged parts of the program", () => {
  const call = calling("Bash", { command: "ls" });

  /** Copies the built hook into the place, and changes the copy. */
  async function damaged(change: (folder: string, place: Place) => void): Promise<Started> {
    const place = placeWith();
    for (const name of readdirSync(hook.folder())) {
      place.write(`program/${name}`, readFileSync(join(hook.folder(), name), "utf8"));
    }
    const folder = join(place.root, "program");
    change(folder, place);
    return hook.start(place, call, { program: join(folder, "hook.cjs") });
  }

  test("whole, the copy allows the call", async () => {
    expect(permissionOf(await damaged(() => {}))).toBe("allow");
  });

  test.each([
    ["without the parser", "hook-shell.cjs", "ask"],
    ["without the compiler", "hook-compile.cjs", "ask"],
    ["without what asks rules", "hook-rules.cjs", "ask"],
  ])("%s the call is asked about", async (_, name, permission) => {
    expect(permissionOf(await damaged((folder) => rmSync(join(folder, name))))).toBe(permission);
  });

  test.each([
    ["without its large part", (folder: string) => rmSync(join(folder, "hook-run.cjs"))],
    ["with half of its large part", (folder: string) => halve(join(folder, "hook-run.cjs"))],
  ])("%s the hook refuses by its exit code", async (_, change) => {
    const started = await damaged(change);
    expect([started.code, started.stdout]).toEqual([2, ""]);
    expect(started.stderr).toContain("claude-permit: internal error");
  });

  test("a file tool's call that no rule can mean does without what asks rules, answers other events or is rare", async () => {
    const place = placeWith('[[deny]]\npattern = "Read(//srv/secret/**)"\n');
    for (const name of readdirSync(hook.folder()))
      place.write(`program/${name}`, readFileSync(join(hook.folder(), name), "utf8"));
    const program = join(place.root, "program", "hook.cjs");
    const reading = (path: string): Promise<Started> =>
      hook.start(place, calling("Read", { file_path: path }), { program });
    await setTimeout(150);
    await reading("/srv/secret/a");
    for (const name of ["hook-rules.cjs", "hook-events.cjs", "hook-more.cjs", "hook-shell.cjs"])
      rmSync(join(place.root, "program", name));
    expect(await reading("/srv/open/a")).toMatchObject({ code: 0, stdout: "" });
    expect(permissionOf(await reading("/srv/secret/a"))).toBe("ask");
    expect(logged(place.home).map(({ decision, tier }) => [decision, tier])).toEqual([
      ["deny", "deny"],
      ["passthrough", "passthrough"],
      ["ask", "error"],
    ]);
  });

  test("other events are not answered without their part, and calls still are", async () => {
    const place = placeWith();
    for (const name of readdirSync(hook.folder()))
      place.write(`program/${name}`, readFileSync(join(hook.folder(), name), "utf8"));
    const program = join(place.root, "program", "hook.cjs");
    rmSync(join(place.root, "program", "hook-events.cjs"));
    const done = calling("Read", { file_path: "/tmp/a" }, { hook_event_name: "PostToolUse" });
    expect(await hook.start(place, done, { program })).toMatchObject({ code: 2, stdout: "" });
    expect(permissionOf(await hook.start(place, call, { program }))).toBe("allow");
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["empty", () => Buffer.alloc(0)],
    ["half", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["text", () => Buffer.from("not a cache")],
    [
      "turned over in the middle",
      (bytes) => Buffer.concat([bytes.subarray(0, 5_000), bytes.subarray(5_000).reverse()]),
    ],
    ["wrong in one byte", (bytes) => bytes.map((byte, index) => (index === bytes.length >> 2 ? byte ^ 1 : byte))],
    ["nothing but zeros", (bytes) => Buffer.alloc(bytes.length)],
  ])("a code cache that is %s is not used, and made anew", async (_, spoil) => {
    const place = placeWith();
    const caches = (): string[] => readdirSync(join(place.home, "cache")).filter((name) => name.endsWith(".v8"));
    // The first process compiles the policy, unless it was written too short a time ago; the next one makes the cache.
    await hook.start(place, call);
    await setTimeout(150);
    for (let calls = 0; calls < 2; calls++) await hook.start(place, call);
    const made = caches();
    expect(made).toHaveLength(4);
    for (const name of made) {
      const path = join(place.home, "cache", name);
      writeFileSync(path, spoil(readFileSync(path)));
    }
    expect(permissionOf(await hook.start(place, call))).toBe("allow");
    expect(caches()).toEqual(made);
    for (const name of made) expect(statSync(join(place.home, "cache", name)).size).toBeGreaterThan(10_000);
    expect(permissionOf(await hook.start(place, call))).toBe("allow");
  });
});

function halve(path: string): void {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.slice(0, text.length / 2));
}

test("the code cache is made once the policy is compiled, and then left as it is", async () => {
  const place = placeWith();
  const caches = (): readonly (readonly [string, number])[] =>
    readdirSync(join(place.home, "cache"))
      .filter((name) => name.endsWith(".v8"))
      .map((name) => [name, statSync(join(place.home, "cache", name)).mtimeMs]);
  const event = calling("Bash", { command: "ls" });
  await setTimeout(150);
  await hook.start(place, event);
  expect(caches()).toEqual([]);
  await hook.start(place, event);
  const made = caches();
  expect(made.map(([name]) => name.slice(0, name.indexOf("-v")))).toEqual([
    "hook-events",
    "hook-rules",
    "hook-run",
    "hook-shell",
  ]);
  await hook.start(place, event);
  await hook.start(place, calling("Read", { file_path: "/tmp/a" }));
  expect(caches()).toEqual(made);
});

test("the bundles need nothing but Node itself, and the entry is small", () => {
  for (const name of readdirSync(hook.folder())) {
    const text = readFileSync(join(hook.folder(), name), "utf8");
    const needs = [...text.matchAll(/\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/g)].map(([, module]) => module ?? "");
    const others = readdirSync(hook.folder()).map((file) => `./${file}`);
    // A part of Node that the oldest supported version does not have yet, and that is asked for only where it is.
    const newer = ["node:sqlite"];
    const foreign = needs.filter((module) => !isBuiltin(module) && ![...others, ...newer].includes(module));
    expect([name, foreign]).toEqual([name, []]);
  }
  expect(statSync(join(hook.folder(), "hook.cjs")).size).toBeLessThan(30_000);
  expect(statSync(join(hook.folder(), "hook-run.cjs")).size).toBeLessThan(36_000);
});
