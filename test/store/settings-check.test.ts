import { describe, expect, it } from "vitest";
import { checkHooks, pathText } from "../../src/store/settings-check.js";

const sound = { type: "command", command: "x" };
const faults = (hooks: unknown) =>
  checkHooks({ hooks }).map(
    ({ path, message, voidsFile }) => `${pathText(path)}: ${message}${voidsFile ? " (void)" : ""}`,
  );
const inEvent = (event: string, handler: unknown) => faults({ [event]: [{ matcher: "*", hooks: [handler] }] });

describe("checkHooks: what makes Claude Code drop a file", () => {
  it.each([
    ["an unknown type", { type: "script" }, "type: type must be one of command, http, mcp_tool, prompt, agent"],
    ["no type", { command: "x" }, "type: type must be one of command, http, mcp_tool, prompt, agent"],
    ["no command", { type: "command" }, "command: command must be a string"],
    [
      "another word for onFailure",
      { ...sound, onFailure: "abort" },
      'onFailure: onFailure must be "continue" or "block"',
    ],
    ["a timeout in quotes", { ...sound, timeout: "5" }, "timeout: timeout must be a number of seconds above 0"],
    ["a timeout of 0", { ...sound, timeout: 0 }, "timeout: timeout must be a number of seconds above 0"],
    [
      "a number as header",
      { type: "http", url: "http://x/", headers: { a: 1 } },
      "headers: headers must be an object of strings",
    ],
    ["no URL", { type: "http", url: "not a url" }, "url: url must be a literal URL"],
    ["args that are a string", { ...sound, args: "x" }, "args: args must be a list of strings"],
  ])("%s", (_, handler, message) => {
    expect(inEvent("PreToolUse", handler)).toEqual([`hooks.PreToolUse[0].hooks[0].${message} (void)`]);
    expect(inEvent("PermissionRequest", handler)).toEqual([`hooks.PermissionRequest[0].hooks[0].${message} (void)`]);
    expect(inEvent("PostToolUse", handler)).toEqual([`hooks.PostToolUse[0].hooks[0].${message}`]);
  });

  it.each([
    ["hooks", []],
    ["hooks.PreToolUse", { PreToolUse: {} }],
    ["hooks.PreToolUse[0]", { PreToolUse: ["x"] }],
    ["hooks.PreToolUse[0].matcher", { PreToolUse: [{ matcher: 1, hooks: [] }] }],
    ["hooks.PreToolUse[0].hooks", { PreToolUse: [{ matcher: "*" }] }],
    ["hooks.PreToolUse[0].hooks[0]", { PreToolUse: [{ hooks: [null] }] }],
  ])("a wrong shape at %s", (place, hooks) => {
    expect(faults(hooks)).toEqual([
      expect.stringMatching(new RegExp(`^${place.replaceAll(/[[\].]/g, "\\$&")}: .* \\(void\\)$`)),
    ]);
  });

  it("lets pass what Claude Code lets pass", () => {
    const known = {
      ...sound,
      args: [],
      timeout: 0.5,
      onFailure: "block",
      statusMessage: "x",
      if: "Bash(git *)",
      async: true,
    };
    expect(inEvent("PreToolUse", { ...known, future: { any: "thing" } })).toEqual([]);
    expect(inEvent("AnEventOfTomorrow", sound)).toEqual([]);
    expect(inEvent("PreToolUse", { type: "mcp_tool", server: "s", tool: "t", input: {} })).toEqual([]);
    expect(checkHooks({ model: "opus" })).toEqual([]);
  });
});
