/** Changing auto-rules.toml: by hand and by us together, refused when unsound, and killed before every single step. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { addRule, rulePaths, toggleRule } from "../../src/core/policy/toml-edit.js";
import { waitingNotices } from "../../src/store/notices.js";
import {
  type AutoRules,
  type ChangePlan,
  changeAutoRules,
  recoverAutoRules,
} from "../../src/store/promotion/change-auto-rules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

function freshHome() {
  const home = mkdtempSync(join(tmpdir(), "claude-permit-promotion-"));
  mkdirSync(join(home, "state"));
  const at = (name: string) => join(home, name);
  return {
    home,
    autoRules: at("auto-rules.toml"),
    history: at("auto-rules.history.jsonl"),
    audit: at("audit.jsonl"),
    state: at("state"),
    claudeDir: home,
  };
}

function adding(name: string) {
  return ({ text }: AutoRules): ChangePlan => {
    const edit = addRule(text, "allow", { name, tool: "Bash", fields: { command: `^echo ${name}$` } });
    if (edit.kind === "refused") return { kind: "refused", code: "edit", detail: edit.detail };
    const change = {
      id: `id-${name}`,
      timestamp: "2026-11-21T12:00:00.000Z",
      event: "rule_promoted",
      rule: name,
      by: "llm",
    } as const;
    const line = `${JSON.stringify({ v: 1, id: `id-${name}`, event: "rule_promoted" })}\n`;
    return { kind: "change", planned: { text: edit.text, change, line, notice: `${name} is a rule now` } };
  };
}

const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
const namesIn = (path: string) => rulePaths(read(path)).map(({ name }) => name);
/** `event rule` of every whole line. */
const toldIn = (path: string): string[] =>
  read(path)
    .split("\n")
    .flatMap((line) => {
      if (line === "") return [];
      const { event, rule } = JSON.parse(line);
      return [`${event} ${rule}`];
    });

describe("a change", () => {
  it("is made, told in the history and the log, and waits to be told to the user", async () => {
    const places = freshHome();
    expect((await changeAutoRules(places, adding("one"))).kind).toBe("changed");
    expect(namesIn(places.autoRules)).toEqual(["one"]);
    expect(toldIn(places.history)).toEqual(["rule_promoted one"]);
    expect(read(places.audit).split("\n").length).toBe(2);
    expect(waitingNotices(places.state)).toEqual(["one is a rule now"]);
    expect(readdirSync(places.state)).toEqual(["notices.jsonl"]);
  });

  it("leaves what a person wrote as it is", async () => {
    const places = freshHome();
    const own = `# mine, keep\n\n[[deny]]   # odd   spacing\nname = 'hand'\npattern = "Bash(rm *)"\n\n# the end\n`;
    writeFileSync(places.autoRules, own);
    await changeAutoRules(places, adding("one"));
    expect(read(places.autoRules).startsWith(own)).toBe(true);
    const disabled = await changeAutoRules(places, ({ text }) => {
      const edit = toggleRule(text, { name: "one" }, false);
      if (edit.kind === "refused") return { kind: "refused", code: "edit", detail: edit.detail };
      const change = {
        id: "x",
        timestamp: "2026-11-21T12:00:00.000Z",
        event: "rule_revoked",
        rule: "one",
        by: "user",
      } as const;
      return { kind: "change", planned: { text: edit.text, change, line: "", notice: "" } };
    });
    expect(disabled.kind).toBe("changed");
    expect(read(places.autoRules).startsWith(own)).toBe(true);
  });

  it("is refused on a file that is not sound, and when it would not be sound itself", async () => {
    const places = freshHome();
    writeFileSync(places.autoRules, "[[allow]\n");
    expect(await changeAutoRules(places, adding("one"))).toMatchObject({ kind: "refused", code: "unsound" });
    expect(read(places.autoRules)).toBe("[[allow]\n");
    writeFileSync(places.autoRules, "");
    const bad = await changeAutoRules(places, (current) => {
      const plan = adding("one")(current);
      if (plan.kind === "refused") return plan;
      return { kind: "change", planned: { ...plan.planned, text: "[[allow]]\nnonsense = 1\n" } };
    });
    expect(bad).toMatchObject({ kind: "refused", code: "unsound" });
    expect([read(places.autoRules), read(places.history), readdirSync(places.state)]).toEqual(["", "", []]);
  });

  it("of many at once is each made once", async () => {
    const places = freshHome();
    const names = Array.from({ length: 8 }, (_, index) => `rule-${index}`);
    await Promise.all(names.map((name) => changeAutoRules(places, adding(name))));
    expect(namesIn(places.autoRules).toSorted()).toEqual(names);
    expect(toldIn(places.history).toSorted()).toEqual(names.map((name) => `rule_promoted ${name}`));
  });

  it("that was interrupted before the user edited the file does not undo the edit", async () => {
    const places = freshHome();
    const intent = {
      text: "[[allow]]\nname = 'one'\npattern = 'Bash(ls)'\n",
      before: "",
      change: { id: "id-one", timestamp: "2026-11-21T12:00:00.000Z", event: "rule_promoted", rule: "one", by: "llm" },
      line: "",
      notice: "",
    };
    writeFileSync(join(places.state, "auto-rules.change.json"), JSON.stringify(intent));
    writeFileSync(places.history, `${JSON.stringify(intent.change)}\n`);
    writeFileSync(places.autoRules, "# by hand\n");
    await recoverAutoRules(places);
    expect(read(places.autoRules)).toBe("# by hand\n");
    expect(toldIn(places.history)).toEqual(["rule_promoted one", "rolled_back one"]);
    expect(readdirSync(places.state)).toEqual([]);
  });
});

describe("killed before every change of the file system", () => {
  it("the file is valid, the history complete, and the next change finishes it", async () => {
    const seen = { before: 0, after: 0 };
    let ended = false;
    for (let step = 1; !ended && step < 60; step++) {
      const places = freshHome();
      const script = join(root, "test/promotion/killed-change.mjs");
      const child = spawnSync(process.execPath, [script, join(root, "dist"), places.home, String(step)]);
      ended = child.signal === null;
      if (ended) expect([child.status, String(child.stderr)]).toEqual([0, ""]);
      const rules = namesIn(places.autoRules);
      expect(rules).toEqual(rules.length === 0 ? [] : ["first"]);
      for (const rule of rules) expect(toldIn(places.history)).toContain(`rule_promoted ${rule}`);
      seen[rules.length === 0 ? "before" : "after"] += 1;

      // Ten seconds later the dead holder's lock is passed over.
      const lock = `${places.autoRules}.lock`;
      if (existsSync(lock)) utimesSync(lock, new Date(0), new Date(0));
      expect((await changeAutoRules(places, adding("second"))).kind).toBe("changed");
      const all = namesIn(places.autoRules);
      expect(all.at(-1)).toBe("second");
      expect(toldIn(places.history)).toEqual(all.map((name) => `rule_promoted ${name}`));
      const logged = read(places.audit)
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id);
      expect(logged).toEqual(all.map((name) => `id-${name}`));
      expect(waitingNotices(places.state)).toEqual(all.map((name) => `${name} is a rule now`));
      // A killed writer's temporary file is read by nobody.
      expect(readdirSync(places.state).filter((name) => !name.endsWith(".tmp"))).toEqual(["notices.jsonl"]);
    }
    expect(ended).toBe(true);
    expect(Math.min(seen.before, seen.after)).toBeGreaterThan(3);
  }, 60_000);
});
