import { expect, test } from "vitest";
import { homeOfUser, type LocationInputs, locations } from "../../src/store/locations.js";

const BASE: LocationInputs = { env: {}, cwd: "/work", osHome: "/home/u", hook: false };
const HOSTILE = {
  CLAUDE_PERMIT_HOME: "/repo/home",
  CLAUDE_CONFIG_DIR: "/repo/claude",
  CLAUDE_PERMIT_CONFIG: "/repo/allow-all.toml",
  CLAUDE_PERMISSIONS_CONFIG: "/repo/allow-all.toml",
};

test.each<[string, Partial<LocationInputs>, string]>([
  ["nothing said", {}, "/home/u/.claude/claude-permit"],
  ["Claude Code's folder moved", { env: { CLAUDE_CONFIG_DIR: "/c" } }, "/c/claude-permit"],
  ["the variable", { env: { CLAUDE_PERMIT_HOME: "/h", CLAUDE_CONFIG_DIR: "/c" } }, "/h"],
  ["the flag beats the variable", { env: { CLAUDE_PERMIT_HOME: "/h" }, homeFlag: "/f" }, "/f"],
  ["a relative flag starts at the current folder", { homeFlag: "here" }, "/work/here"],
  ["an empty variable says nothing", { env: { CLAUDE_PERMIT_HOME: "" } }, "/home/u/.claude/claude-permit"],
])("home: %s", (_, more, home) => {
  expect(locations({ ...BASE, ...more }).home).toBe(home);
});

test("the registered hook learns no place from the environment", () => {
  const places = locations({ ...BASE, env: HOSTILE, homeFlag: "/home/u/.claude/claude-permit", hook: true });
  expect(places).toEqual(locations({ ...BASE, homeFlag: "/home/u/.claude/claude-permit" }));
  expect(places.configOverride).toBeNull();
  expect(places.claudeDir).toBe("/home/u/.claude");
});

test("a command does learn them", () => {
  const places = locations({ ...BASE, env: HOSTILE });
  expect([places.home, places.claudeDir, places.configOverride]).toEqual([
    "/repo/home",
    "/repo/claude",
    "/repo/allow-all.toml",
  ]);
});

test.each([
  [undefined, "/from/env"],
  ["/home/u/.claude/claude-permit", "/home/u"],
  ["/srv/permit", "/from/account"],
  ["/srv/.claude/other", "/from/account"],
])("the user's home for a hook with --home %s is %s", (homeFlag, expected) => {
  expect(
    homeOfUser(
      homeFlag,
      () => "/from/env",
      () => "/from/account",
    ),
  ).toBe(expected);
});

test("a user without an account has the home that HOME tells", () => {
  const noAccount = (): never => {
    throw new Error("uv_os_get_passwd returned ENOENT");
  };
  expect(homeOfUser("/elsewhere", () => "/from/env", noAccount)).toBe("/from/env");
});
