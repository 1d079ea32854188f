/** The edits that put our hooks into settings and take them out again, over settings nobody formatted on purpose. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { planInstall, replace } from "../../src/cli/install/install.js";
import { groupFor, REGISTERED_EVENTS, registerHooks, removeHooks } from "../../src/cli/install/registration.js";
import { planUninstall } from "../../src/cli/install/uninstall.js";
import { digest, keepBackup, noteRegistration } from "../../src/store/settings-backup.js";
import { checkHooks } from "../../src/store/settings-check.js";
import { readSettings, type SettingsFile } from "../../src/store/settings-file.js";
import { isOurs } from "../../src/store/settings-hooks.js";
import { oddJson } from "../store/odd-json.js";

const PROGRAM = {
  node: "/usr/bin/node",
  hook: "/opt/claude-permit/dist/hook.cjs",
  home: "/home/me/.claude/claude-permit",
};
const others = fc.constantFrom(
  {},
  { hooks: {} },
  { hooks: { PreToolUse: [] } },
  { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "guard" }] }] } },
  { hooks: { Stop: [{ hooks: [{ type: "command", command: "bell", args: [] }] }], Notification: [] } },
);

function textOf(edited: ReturnType<typeof registerHooks>): string {
  if (edited.kind !== "text") throw new Error(`expected a text, not ${edited.kind}`);
  return edited.text;
}

describe("registerHooks", () => {
  it("leaves every other key and handler as it is, and adds one valid handler an event", () => {
    fc.assert(
      fc.property(oddJson(others), ({ text, value }) => {
        const after = JSON.parse(textOf(registerHooks(text, PROGRAM)));
        expect(checkHooks(after)).toEqual(checkHooks(value));
        for (const event of REGISTERED_EVENTS) {
          const before = Object(value["hooks"])[event] ?? [];
          expect(after.hooks[event]).toEqual([...before, groupFor(event, PROGRAM)]);
        }
        const { hooks: _, ...rest } = value;
        expect(after).toMatchObject(rest);
        expect(registerHooks(JSON.stringify(after), PROGRAM)).toEqual({ kind: "same" });
      }),
      { numRuns: 200 },
    );
  });

  it("takes the place of an older installation, and of what was written by hand", () => {
    const old = groupFor("PreToolUse", { ...PROGRAM, node: "/old/node" });
    const byHand = {
      hooks: [
        { type: "command", command: "claude-permit hook" },
        { type: "command", command: "bell" },
      ],
    };
    const text = JSON.stringify({ hooks: { PreToolUse: [old], Stop: [byHand], Notification: [] } });
    const { hooks } = JSON.parse(textOf(registerHooks(text, PROGRAM)));
    expect(hooks.PreToolUse).toEqual([groupFor("PreToolUse", PROGRAM)]);
    expect(hooks.Stop).toEqual([{ hooks: [{ type: "command", command: "bell" }] }, groupFor("Stop", PROGRAM)]);
    expect(hooks.Notification).toEqual([]);
  });

  it("only blocks on failure where a failure lets something through", () => {
    const blocking = REGISTERED_EVENTS.filter((event) =>
      JSON.stringify(groupFor(event, PROGRAM)).includes("onFailure"),
    );
    expect(blocking).toEqual(["PreToolUse"]);
  });

  it("keeps a byte order mark", () => {
    expect(textOf(registerHooks('\uFEFF{"a":1}', PROGRAM)).startsWith('\uFEFF{"a":1, "hooks"')).toBe(true);
  });

  it.each(['{"hooks":{"Stop":[]},"hooks":{}}', '{"hooks":{"PreToolUse":[],"PreToolUse":[]}}'])(
    "edits the last of two equal keys, which is the one that counts: %s",
    (text) => expect(JSON.parse(textOf(registerHooks(text, PROGRAM))).hooks.PreToolUse).toHaveLength(1),
  );
});

describe("removeHooks", () => {
  it("leaves what was there, and the very bytes where nothing was empty", () => {
    fc.assert(
      fc.property(oddJson(others), ({ text, value }) => {
        const after = textOf(removeHooks(textOf(registerHooks(text, PROGRAM))));
        const { hooks: left = {}, ...rest } = JSON.parse(after);
        const { hooks = {}, ...restBefore } = value;
        const filled = Object.entries(Object(hooks)).filter(([event, groups]) => !isEmptied(event, groups));
        expect(rest).toEqual(restBefore);
        expect(left).toEqual(Object.fromEntries(filled));
        const isWhole = Object.keys(value).length > 0 && JSON.stringify(hooks) === JSON.stringify(left);
        if (isWhole && (value["hooks"] === undefined || filled.length > 0)) expect(after).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("says that nothing of ours is there", () => {
    expect(removeHooks('{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"bell"}]}]}}')).toEqual({
      kind: "same",
    });
  });

  it("refuses a text in which a second key would come to light", () => {
    const ours = JSON.stringify({ PreToolUse: [groupFor("PreToolUse", PROGRAM)] });
    expect(removeHooks(`{"hooks":{"Stop":[]},"hooks":${ours}}`)).toMatchObject({ kind: "refused" });
  });
});

/** An empty list that we filled goes with what we put in it. */
function isEmptied(event: string, groups: unknown): boolean {
  return REGISTERED_EVENTS.includes(event) && Array.isArray(groups) && groups.length === 0;
}

describe("uninstalling what init wrote", () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-permit-settings-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "settings.json");
  const state = join(folder, "state");
  const where = { home: folder, state };

  function open(): SettingsFile {
    const read = readSettings(path);
    if (read.kind === "refused") throw new Error(read.refusal.message);
    return read.file;
  }

  it("gives back the same bytes, whatever they were", () => {
    fc.assert(
      fc.property(oddJson(others), ({ text }) => {
        writeFileSync(path, text);
        const { file, text: written } = planInstall(open(), where);
        if (written === null) throw new Error("nothing to write");
        const backup = keepBackup(state, file.target, text, 0);
        if (typeof backup !== "string") throw new Error(backup.message);
        noteRegistration(state, file.target, { backup, wrote: digest(written) });
        replace(file, written);
        const undo = planUninstall(state, open());
        if (undo === null) throw new Error("nothing to undo");
        replace(undo.file, undo.text);
        expect(readFileSync(path, "utf8")).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("does not write over a change someone made meanwhile", () => {
    writeFileSync(path, "{}\n");
    const { file, text } = planInstall(open(), where);
    writeFileSync(path, '{"model":"opus"}\n');
    expect(() => replace(file, text)).toThrow("was changed by someone else meanwhile");
    expect(readFileSync(path, "utf8")).toBe('{"model":"opus"}\n');
  });
});

describe("isOurs", () => {
  it.each([
    [{ type: "command", command: "node", args: ["/x/dist/hook.cjs", "--home", "/h"] }, true],
    [{ type: "command", command: "node '/x/claude-permit/dist/hook.cjs'" }, true],
    [{ type: "command", command: "claude-permit hook --home /h" }, true],
    [{ type: "command", command: "/usr/local/bin/claude-permit-hook" }, true],
    [{ type: "command", command: "node", args: ["/x/dist/cli/main.js", "hook"] }, true],
    [{ type: "command", command: "claude-permit session last" }, false],
    [{ type: "command", command: "node", args: ["/x/other/hook.cjs"] }, false],
    [{ type: "command", command: "echo claude-permit" }, false],
    [{ type: "http", url: "http://localhost/claude-permit-hook" }, false],
  ])("%j: %s", (handler, expected) => {
    expect(isOurs(handler)).toBe(expected);
  });
});
