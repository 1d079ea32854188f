/** Changes of rules and settings: what is written, what is refused, and that a rollback gives the bytes back. */
import { existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { builtinRules } from "../../src/core/policy/guard-finding.js";
import { decisions } from "../query/world.js";
import { machine } from "./world.js";

const POLICY = `# mine
[[deny]]
name = "no-force-push"   # keep
pattern = "Bash(git push --force *)"

# asks
[[ask]]
name = "ask-push"
pattern = "Bash(git push *)"

[[allow]]
pattern = "Bash(git status *)"

[settings]
fail = "ask"
`;

describe("a change", () => {
  it.each<[string, unknown, string, string]>([
    [
      "adds a rule",
      { type: "add_rule", kind: "allow", rule: { name: "make", pattern: "Bash(make test)" } },
      'fail = "ask"\n',
      'fail = "ask"\n\n[[allow]]\nname = "make"\npattern = \'Bash(make test)\'\n',
    ],
    [
      "updates a rule",
      { type: "update_rule", id: "ask-push", changes: { reason: "Ask first.", session: "interactive" } },
      '"Bash(git push *)"\n',
      '"Bash(git push *)"\nreason = "Ask first."\nsession = \'interactive\'\n',
    ],
    [
      "switches a rule off",
      { type: "toggle_rule", id: "ask-push" },
      '(git push *)"\n',
      '(git push *)"\nenabled = false\n',
    ],
    [
      "removes an unnamed rule by the id that its conditions give",
      { type: "remove_rule", id: "allow-a5db3999" },
      '[[allow]]\npattern = "Bash(git status *)"\n\n',
      "",
    ],
    [
      "changes settings",
      { type: "update_settings", settings: { fail: "deny", llm: { enabled: true } } },
      'fail = "ask"\n',
      "fail = 'deny'\n\n[settings.llm]\nenabled = true\n",
    ],
    [
      "does many at once, each on what the one before left",
      {
        operations: [
          { type: "add_rule", kind: "ask", rule: { name: "x", tool: "Write" } },
          { type: "update_rule", id: "x", changes: { name: "y" } },
          { type: "toggle_rule", id: "y", enabled: false },
        ],
      },
      'fail = "ask"\n',
      'fail = "ask"\n\n[[ask]]\nname = "y"\ntool = \'Write\'\nenabled = false\n',
    ],
  ])("%s, and nothing else moves", async (_, change, from, to) => {
    const { apply, config } = machine(POLICY);
    expect(await apply(change, true)).toMatchObject({ applied: false, dry_run: true, rollback_id: null });
    expect(config()).toBe(POLICY);
    const result = await apply(change);
    expect(result).toMatchObject({ applied: true, dry_run: false, validation: { valid: true } });
    expect(config()).toBe(POLICY.replace(from, () => to));
    const { rollback_id: id } = result as { rollback_id: string };
    expect(await apply({ type: "rollback", id })).toMatchObject({ applied: true });
    expect(config()).toBe(POLICY);
  });

  it("goes where the file is: through a link, with its mode", async () => {
    const { apply, write, home } = machine(null);
    const real = write("dotfiles/permit.toml", POLICY);
    symlinkSync(real, join(home, "config.toml"));
    await apply({ type: "toggle_rule", id: "ask-push" });
    expect(readFileSync(real, "utf8")).toContain("enabled = false");
    expect(lstatSync(join(home, "config.toml")).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o644);
  });

  it("makes the first file, and a rollback takes it away", async () => {
    const { apply, home } = machine(null);
    const result = await apply({ type: "add_rule", kind: "deny", rule: { tool: "WebFetch" } });
    expect(readFileSync(join(home, "config.toml"), "utf8")).toBe("[[deny]]\ntool = 'WebFetch'\n");
    await apply({ type: "rollback", id: (result as { rollback_id: string }).rollback_id });
    expect(existsSync(join(home, "config.toml"))).toBe(false);
  });

  it("is told in the log and in the history", async () => {
    const { apply, world } = machine(POLICY);
    const result = await apply({ type: "toggle_rule", id: "ask-push", reason: "too loud" });
    const id = (result as { rollback_id: string }).rollback_id;
    const [record] = readFileSync(world.locations.audit, "utf8").split("\n");
    expect(JSON.parse(record ?? "")).toMatchObject({
      id,
      event: "policy_changed",
      reason: expect.stringMatching(/^was [0-9a-f]{16}$/),
    });
    expect(JSON.parse(readFileSync(world.locations.history, "utf8"))).toMatchObject({
      event: "rule_revoked",
      rule: "ask-push",
      by: "apply",
      reason: "too loud",
    });
    const { policy_hash: hash } = JSON.parse(record ?? "") as { policy_hash: string };
    expect(existsSync(join(world.locations.policies, `${hash}.json`))).toBe(true);
  });

  it("writes nothing when nothing changes", async () => {
    const { apply, world } = machine(POLICY);
    expect(await apply({ type: "toggle_rule", id: "ask-push", enabled: true })).toMatchObject({ applied: false });
    expect(existsSync(world.locations.audit)).toBe(false);
  });

  it("shows which recent calls it would newly allow", async () => {
    const { apply, world } = machine(POLICY);
    const records = decisions(40).map((record) => ({ ...record, cwd: world.cwd, project: world.cwd, home: world.cwd }));
    writeFileSync(world.locations.audit, records.map((record) => encodeRecord(record)).join(""));
    const add = { type: "add_rule", kind: "allow", rule: { name: "make", pattern: "Bash(make *)" } };
    expect(await apply(add, true)).toMatchObject({
      replay: {
        calls: 40,
        unchanged: 32,
        changes: [{ before: "passthrough", after: "allow", calls: 8 }],
        newly_allowed: [{ tool: "Bash", call: "make", before: "passthrough", rule: "make", calls: 8 }],
        more: 0,
      },
    });
  });
});

describe("refused", () => {
  const managed = '[[deny]]\nname = "from-above"\ntool = "WebSearch"\n';

  it.each<[string, unknown, string, string | undefined]>([
    ["text that is no JSON", "{", "invalid_query", undefined],
    ["no type", {}, "invalid_query", "type"],
    ["a misspelt type", { type: "add_rulee" }, "unsupported_query_type", "type"],
    ["a misspelt key", { type: "toggle_rule", id: "ask-push", enable: true }, "invalid_query", "enable"],
    [
      "a misspelt key of a rule",
      { type: "add_rule", kind: "ask", rule: { patern: "x" } },
      "invalid_query",
      "rule.patern",
    ],
    ["a rule that is not", { type: "remove_rule", id: "ask-pusch" }, "invalid_query", "id"],
    ["a rule of the managed file", { type: "remove_rule", id: "from-above" }, "invalid_query", "id"],
    ["a rule of the project's file", { type: "toggle_rule", id: "from-project" }, "invalid_query", "id"],
    ["a built-in rule", { type: "toggle_rule", id: builtinRules()[0]?.id }, "invalid_query", "id"],
    [
      "a file that is none of the policy",
      { type: "add_rule", kind: "ask", rule: { tool: "X" }, file: "/etc/x.toml" },
      "invalid_query",
      "file",
    ],
    ["the managed file", { type: "add_rule", kind: "ask", rule: { tool: "X" }, file: "ETC" }, "invalid_query", "file"],
    [
      "a name that is taken",
      { type: "add_rule", kind: "ask", rule: { name: "ask-push", tool: "X" } },
      "validation_failed",
      undefined,
    ],
    [
      "a regex that can hang",
      { type: "add_rule", kind: "ask", rule: { fields: { command: "(a+)+$" }, tool: "Bash" } },
      "validation_failed",
      undefined,
    ],
    [
      "an example that fails",
      { type: "add_rule", kind: "ask", rule: { pattern: "Bash(ls *)", match: ["rm x"] } },
      "validation_failed",
      undefined,
    ],
    ["a rollback of what was not", { type: "rollback", id: "../../config" }, "invalid_query", "id"],
    [
      "a batch in a batch",
      { type: "batch", operations: [{ type: "batch", operations: [] }] },
      "invalid_query",
      "operations[0].type",
    ],
    [
      "a batch with one bad change, whole",
      {
        operations: [
          { type: "toggle_rule", id: "ask-push" },
          { type: "remove_rule", id: "nope" },
        ],
      },
      "invalid_query",
      "operations[1].id",
    ],
  ])("%s", async (_, change, code, path) => {
    const { apply, config, write, systemDir, world } = machine(POLICY);
    const above = write("etc/claude-permit/config.toml", managed);
    write("project/.claude/claude-permit.toml", '[[ask]]\nname = "from-project"\ntool = "WebSearch"\n');
    const text = JSON.stringify(change).replace(
      '"ETC"',
      JSON.stringify(join(systemDir, "claude-permit", "config.toml")),
    );
    const answer = await apply(typeof change === "string" ? change : text);
    expect(answer).toMatchObject({
      error: { code, message: expect.stringMatching(/\S/), ...(path === undefined ? {} : { path }) },
    });
    expect(config()).toBe(POLICY);
    expect(readFileSync(above, "utf8")).toBe(managed);
    expect(existsSync(world.locations.history)).toBe(false);
  });

  it("without the write switch, though a dry run may look", async () => {
    const refusal = { message: "writing is not switched on", hint: "give --allow-writes" };
    const { apply, config } = machine(POLICY, { refusal });
    expect(await apply({ type: "toggle_rule", id: "ask-push" })).toMatchObject({
      error: { code: "writes_refused", hint: refusal.hint },
    });
    expect(config()).toBe(POLICY);
    expect(await apply({ type: "toggle_rule", id: "ask-push" }, true)).toMatchObject({ dry_run: true });
  });

  it("to roll back over somebody's later work", async () => {
    const { apply, world, config } = machine(POLICY);
    const result = await apply({ type: "toggle_rule", id: "ask-push" });
    writeFileSync(world.locations.config, `${config()}\n# by hand\n`);
    const { rollback_id: id } = result as { rollback_id: string };
    expect(await apply({ type: "rollback", id })).toMatchObject({ error: { code: "invalid_query", path: "id" } });
    expect(config()).toContain("# by hand");
  });

  it("with a file that cannot be written, and nothing is half done", async () => {
    const { apply, world, config } = machine(POLICY);
    writeFileSync(world.locations.state, "in the way of the folder");
    expect(await apply({ type: "toggle_rule", id: "ask-push" })).toMatchObject({ error: { code: "write_failed" } });
    expect(config()).toBe(POLICY);
  });
});

describe("any change", () => {
  const name = fc.constantFrom("no-force-push", "ask-push", "new", "other", "nothing");
  const rule = fc.record(
    {
      name,
      tool: fc.constantFrom("Bash", "Read|Edit", "("),
      reason: fc.string(),
      fields: fc.dictionary(fc.constantFrom("command", "x y"), fc.string()),
    },
    { requiredKeys: [] },
  );
  const operation = fc.oneof(
    fc.record({
      type: fc.constant("add_rule"),
      kind: fc.constantFrom("deny", "allow"),
      rule,
      file: fc.constantFrom(undefined, "auto"),
    }),
    fc.record({ type: fc.constant("update_rule"), id: name, changes: rule }),
    fc.record({ type: fc.constantFrom("remove_rule", "toggle_rule"), id: name }),
    fc.record({
      type: fc.constant("update_settings"),
      settings: fc.constantFrom({ fail: "deny" }, { llm: { model: "m" } }, { fail: "x" }),
    }),
  );

  it("is made whole or not at all, loads, and can be taken back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 4 }), async (operations) => {
        const { apply, config, world } = machine(POLICY);
        const answer = (await apply({ operations })) as { error?: { code: string }; rollback_id?: string | null };
        if (answer.error !== undefined) {
          expect(answer.error.code).toMatch(/^(invalid_query|validation_failed)$/);
          expect(config()).toBe(POLICY);
          expect(existsSync(world.locations.autoRules)).toBe(false);
          return;
        }
        expect(world.load(world.cwd).policy.state).toBe("ok");
        for (const line of ["# mine", 'pattern = "Bash(git status *)"']) expect(config()).toContain(line);
        if (answer.rollback_id === null) return;
        await apply({ type: "rollback", id: answer.rollback_id });
        expect(config()).toBe(POLICY);
        expect(existsSync(world.locations.autoRules)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });
});
