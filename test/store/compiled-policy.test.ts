import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { readCompiled, writeCompiled } from "../../src/store/compiled-policy.js";
import { readPolicyByHash } from "../../src/store/in-force.js";
import type { PolicyInputs } from "../../src/store/load-policy.js";
import { takeNotices } from "../../src/store/notices.js";
import { refreshPolicy } from "../../src/store/refresh-policy.js";
import { resolvePath } from "../../src/store/resolve-path.js";
import { trust } from "../../src/store/trust.js";
import { type Place, PROJECT_CONFIG, temporaryPlace, USER_CONFIG } from "./temporary.js";

const RULE = `[[deny]]\nname = "one"\npattern = "Bash(rm *)"\n`;
const SAME_SIZE = `[[deny]]\nname = "two"\npattern = "Bash(rm *)"\n`;

/** Long after every file was written. */
const LATER = Date.now() + 3_600_000;
const refresh = (inputs: PolicyInputs) => refreshPolicy(inputs, LATER);
const isRoot = process.getuid?.() === 0;

/** A policy of every layer, compiled and kept. */
async function compiled(): Promise<Place> {
  const place = temporaryPlace();
  place.write(USER_CONFIG, `include = ["rules/*.toml", "more.toml"]\n${RULE}`);
  place.write("user/.claude/claude-permit/more.toml", "");
  place.write("user/.claude/claude-permit/rules/a.toml", "");
  place.write(PROJECT_CONFIG, `[[ask]]\nname = "p"\ntool = "WebFetch"\n`);
  await trust(place.inputs(), 0);
  refresh(place.inputs());
  expect(readCompiled(place.inputs(), "*")?.rules.map(({ id }) => id)).toEqual(["one", "p"]);
  return place;
}

test.each<[string, (place: Place) => void]>([
  [
    "a same-size edit of the config",
    (place) => place.write(USER_CONFIG, `include = ["rules/*.toml", "more.toml"]\n${SAME_SIZE}`),
  ],
  [
    "a same-size edit with the old times put back",
    (place) => {
      const path = join(place.root, USER_CONFIG);
      const { atime, mtime } = statSync(path);
      place.write(USER_CONFIG, `include = ["rules/*.toml", "more.toml"]\n${SAME_SIZE}`);
      utimesSync(path, atime, mtime);
    },
  ],
  [
    "the config replaced by a rename",
    (place) => renameSync(place.write("new.toml", SAME_SIZE), join(place.root, USER_CONFIG)),
  ],
  ["an included file edited", (place) => place.write("user/.claude/claude-permit/more.toml", SAME_SIZE)],
  ["an included file removed", (place) => rmSync(join(place.home, "more.toml"))],
  ["a new file that a glob finds", (place) => place.write("user/.claude/claude-permit/rules/b.toml", "")],
  ["a file that a glob found removed", (place) => rmSync(join(place.home, "rules/a.toml"))],
  ["auto-rules appear", (place) => place.write("user/.claude/claude-permit/auto-rules.toml", "")],
  ["a managed config appears", (place) => place.write("etc/claude-permit/config.toml", "")],
  ["the project's file edited", (place) => place.write(PROJECT_CONFIG, "")],
  ["the project's file removed", (place) => rmSync(join(place.root, PROJECT_CONFIG))],
  ["trust taken away", (place) => rmSync(join(place.home, "state/trust.json"))],
  ["a half written cache", (place) => cacheFile(place, (text) => text.slice(0, -10))],
  ["a cache of another format", (place) => cacheFile(place, (text) => text.replace('"format":1', '"format":0'))],
  ["a cache that is no object", (place) => cacheFile(place, () => "null")],
])("%s: the compiled policy is not current", async (_, change) => {
  const place = await compiled();
  change(place);
  expect(readCompiled(place.inputs(), "*")).toBeNull();
});

function cacheFile({ home }: Place, edit: (text: string) => string): void {
  const folder = join(home, "cache");
  for (const name of readdirSync(folder)) {
    writeFileSync(join(folder, name), edit(readFileSync(join(folder, name), "utf8")));
  }
}

test("another version, project, config, or program does not take it", async () => {
  const place = await compiled();
  const inputs = place.inputs();
  expect(readCompiled({ ...inputs, engine: "0.0.1-test" }, "*")).toBeNull();
  expect(readCompiled({ ...inputs, programFolder: "/elsewhere" }, "*")).toBeNull();
  expect(readCompiled({ ...inputs, project: "/elsewhere" }, "*")).toBeNull();
  expect(readCompiled(place.inputs({ configFlag: "/elsewhere.toml" }), "*")).toBeNull();
  expect(readCompiled(inputs, "*")).not.toBeNull();
});

test("nothing is kept while an input is so young that a second edit could go unseen", () => {
  const place = temporaryPlace();
  const file = place.write(USER_CONFIG, RULE);
  const changed = statSync(file).ctimeMs;
  const { policy } = refreshPolicy(place.inputs(), changed + 20);
  expect(policy.rules).toHaveLength(1);
  expect(readCompiled(place.inputs(), "*")).toBeNull();
  refreshPolicy(place.inputs(), changed + 500);
  expect(readCompiled(place.inputs(), "*")).toEqual(policy);
});

test("files are private, and nothing half written is left", async () => {
  const { home } = await compiled();
  const all = readdirSync(home, { recursive: true, withFileTypes: true });
  const written = all.filter((entry) => /cache|policies|state/.test(entry.parentPath + entry.name));
  expect(written.length).toBeGreaterThan(5);
  for (const entry of written) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
  }
  expect(all.filter(({ name }) => name.endsWith(".tmp"))).toEqual([]);
});

test("each policy is kept whole under its hash, and a change of policy is told", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, RULE);
  const first = refresh(place.inputs());
  expect(first.changedFrom).toBeNull();
  place.write(USER_CONFIG, SAME_SIZE);
  const second = refresh(place.inputs());
  expect(second.changedFrom).toBe(first.policy.hash);
  expect(refresh(place.inputs()).changedFrom).toBeNull();
  for (const { policy } of [first, second]) {
    expect(readPolicyByHash(place.inputs().locations, policy.hash)).toEqual(JSON.parse(JSON.stringify(policy)));
  }
});

test("a broken config falls back to the last good policy, says so once, and again when the fault is another", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, RULE);
  const good = refresh(place.inputs()).policy;
  place.write(USER_CONFIG, "[[deny]\n");
  const broken = refresh(place.inputs());
  expect(broken.policy).toMatchObject({ state: "broken", rules: [{ id: "one" }] });
  refresh(place.inputs());
  const [told, ...more] = takeNotices(join(place.home, "state"));
  expect(told).toContain(`${join(place.root, USER_CONFIG)}:1:`);
  expect(more).toEqual([]);
  place.write(USER_CONFIG, `${RULE}x = 1\n`);
  refresh(place.inputs());
  expect(takeNotices(join(place.home, "state"))).toHaveLength(1);
  place.write(USER_CONFIG, RULE);
  expect(refresh(place.inputs()).policy.hash).toBe(good.hash);
});

test("a project first seen with a broken config gets the last good rules of elsewhere, without that project's own", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, RULE);
  place.write(PROJECT_CONFIG, `[[deny]]\nname = "theirs"\ntool = "WebFetch"\n`);
  refresh(place.inputs());
  place.write(USER_CONFIG, "[[deny]\n");
  const { policy } = refresh(place.inputs({ project: join(place.root, "new") }));
  expect(policy.rules.map(({ id }) => id)).toEqual(["one"]);
});

test("a broken config without any last good policy allows nothing and says so", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, "[[deny]\n");
  expect(refresh(place.inputs()).policy).toMatchObject({ state: "broken", rules: [] });
  expect(takeNotices(join(place.home, "state"))).toHaveLength(1);
});

test.skipIf(isRoot)("a read-only home costs time, not the policy", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, RULE);
  chmodSync(place.home, 0o500);
  try {
    expect(refresh(place.inputs()).policy.rules).toHaveLength(1);
    expect(readdirSync(place.home)).toEqual(["config.toml"]);
  } finally {
    chmodSync(place.home, 0o700);
  }
});

test("a home that is a file costs time, not the policy", () => {
  const place = temporaryPlace();
  const home = place.write("file", "");
  const inputs = place.inputs();
  const key = { ...inputs, locations: { ...inputs.locations, cache: join(home, "cache"), state: join(home, "state") } };
  const { policy } = refreshPolicy(key, LATER);
  expect(policy.state).toBe("ok");
  expect(writeCompiled(key, policy, [], LATER)).toMatchObject({ code: "ENOTDIR" });
});

test("the slice of a tool judges its calls as the whole policy does", () => {
  const place = temporaryPlace();
  place.write(
    USER_CONFIG,
    `[[deny]]\nname = "rm"\npattern = "Bash(rm *)"\nreason = "näh 😀"\n
[[deny]]\nname = "env"\npattern = "Read(.env)"\ndescription = "long"\nmatch = [".env"]\n
[[ask]]\nname = "edit"\npattern = "Edit(src/**)"\n
[[deny]]\nname = "any"\ntool = ".*"\n[deny.fields]\nurl = "evil"\n
[[allow]]\nname = "files"\ntool = "Read|Edit|Write|Grep|Glob"\n
[[allow]]\nname = "shell"\ntool = "Bash|Monitor"\n
[[ask]]\nname = "mcp"\npattern = "mcp__srv__*"\n`,
  );
  const { policy } = refresh(place.inputs());
  expect(policy.problems).toEqual([]);
  const calls: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ["Bash", { command: "rm x" }, "deny"],
    ["Bash", { command: "cat .env" }, "deny"],
    ["Bash", { command: "echo a > src/b" }, "ask"],
    ["Bash", { command: "ls" }, "allow"],
    ["Monitor", { command: "rm x" }, "deny"],
    ["Read", { file_path: ".env" }, "deny"],
    ["Edit", { file_path: `${place.project}/src/a.ts` }, "ask"],
    ["Write", { file_path: `${place.project}/src/a.ts`, url: "evil" }, "deny"],
    ["Grep", { pattern: "x" }, "allow"],
    ["Glob", { pattern: "x", url: "evil" }, "deny"],
    ["WebFetch", { url: "https://evil.test/" }, "deny"],
    ["mcp__srv__tool", {}, "ask"],
    ["Agent", {}, "passthrough"],
  ];
  for (const [tool, input, decision] of calls) {
    const call = { ...CALL, tool, input, cwd: place.project, project: place.project };
    const judged = (under: Policy | null): unknown => {
      const evaluation = under && evaluate(under, call, { resolvePath, parseShell: analyzeShell, now: 0 });
      return evaluation && { ...evaluation, rule: evaluation.rule?.id ?? null };
    };
    const whole = judged(policy);
    expect([tool, input, whole]).toMatchObject([tool, input, { decision }]);
    expect(judged(readCompiled(place.inputs(), tool))).toEqual(whole);
  }
  expect(readCompiled(place.inputs(), "")?.rules).toEqual([]);
  expect(readCompiled(place.inputs(), "*")?.rules).toHaveLength(policy.rules.length);
});

const CALL: ToolCall = {
  tool: "",
  input: {},
  cwd: "",
  home: "/home/u",
  project: "",
  sessionId: "s",
  permissionMode: "default",
  attended: true,
};
