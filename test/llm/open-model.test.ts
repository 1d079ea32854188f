/** Who is asked, with which key, and what a child that is asked gets to see. */
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ModelWorld } from "../../src/llm/open-model.js";
import { baseUrlOf, readKey } from "../../src/llm/open-model.js";
import { type Place, temporaryPlace } from "../store/temporary.js";
import { startProxy } from "./connect-proxy.js";
import { mockMessages, verdict } from "./mock-messages-server.js";
import { assessWith, requestOf, settingsFor, WORLD } from "./world.js";

const { baseUrl: _, ...NO_URL } = settingsFor("");

describe("the base URL", () => {
  it.each([
    ["http://127.0.0.1:4000", true, "http://127.0.0.1:4000"],
    ["http://localhost:4000/", true, "http://localhost:4000/"],
    ["http://[::1]:4000", true, "http://[::1]:4000"],
    ["https://evil.example", true, "https://api.anthropic.com"],
    ["http://127.0.0.1.evil.example", true, "https://api.anthropic.com"],
    ["http://127.0.0.1@evil.example", true, "https://api.anthropic.com"],
    ["nonsense", true, "https://api.anthropic.com"],
    ["https://gateway.example", false, "https://gateway.example"],
    ["", false, "https://api.anthropic.com"],
  ])("of %j in the environment, pinned %s, is %s", (given, isPinned, wanted) => {
    expect(baseUrlOf(NO_URL, { ...WORLD, isPinned, env: { ANTHROPIC_BASE_URL: given } })).toBe(wanted);
  });

  it("is the setting's first of all", () => {
    const env = { ANTHROPIC_BASE_URL: "http://127.0.0.1:1" };
    expect(baseUrlOf(settingsFor("https://mine.example"), { ...WORLD, isPinned: false, env })).toBe(
      "https://mine.example",
    );
  });
});

describe("the key", () => {
  it("comes from the named variable, or from a file and from nowhere else", () => {
    const world = { ...WORLD, env: { MY_KEY: " k \n", ANTHROPIC_API_KEY: "other" } };
    expect(readKey(settingsFor("", { apiKeyEnv: "MY_KEY" }), world)).toBe("k");
    expect(readKey(settingsFor("", { apiKeyFile: "/nonexistent/key" }), world)).toBe("");
  });
});

describe("a proxy", () => {
  it("carries the question where one is set", async () => {
    const server = await mockMessages(verdict("GREEN"));
    const proxy = await startProxy();
    const found = await assessWith(settingsFor(server.url, { proxy: proxy.url }), requestOf({ command: "ls" }));
    expect(found).toMatchObject({ kind: "verdict", verdict: { score: "GREEN" } });
    expect(proxy.targets).toEqual([new URL(server.url).host]);
  });

  it("that is not there is a failure", async () => {
    const server = await mockMessages(verdict("GREEN"));
    const settings = settingsFor(server.url, { proxy: "http://127.0.0.1:9" });
    expect(await assessWith(settings, requestOf({ command: "ls" }))).toMatchObject({ code: "llm-unreachable" });
    expect(server.requests).toEqual([]);
  });
});

/** A program in place of `claude`: notes how it was started, then does what `body` says. */
function claudeThat(place: Place, body: string): string {
  const path = place.write(
    "bin/claude",
    `#!/bin/sh\nprintf '%s\\n' "$@" > "${place.root}/arguments"\nenv > "${place.root}/environment"\ncat > "${place.root}/input"\npwd > "${place.root}/folder"\n${body}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

function worldOf(place: Place, env: ModelWorld["env"] = {}): ModelWorld {
  const claudeDir = join(place.osHome, ".claude");
  const cache = join(place.home, "cache");
  return {
    env: { PATH: process.env["PATH"], ...env },
    isPinned: true,
    userHome: place.osHome,
    claudeDir,
    cache,
    project: place.project,
  };
}

describe("the backend claude-cli", () => {
  const CLI = { backend: "claude-cli" } as const;
  const GREEN = { score: "GREEN", confidence: 1, reasoning: "fine" };
  const printed = (object: object) => `printf '%s' '${JSON.stringify(object)}'`;

  it("runs bare, with an environment made for it", async () => {
    const place = temporaryPlace();
    const claudePath = claudeThat(place, printed({ type: "result", is_error: false, structured_output: GREEN }));
    const env = {
      CLAUDECODE: "1",
      ANTHROPIC_BASE_URL: "https://evil.example",
      NODE_OPTIONS: "--require=/evil.js",
      ANTHROPIC_API_KEY: "k",
    };
    const found = await assessWith({ ...NO_URL, ...CLI, claudePath }, requestOf({ command: "ls" }), {
      world: worldOf(place, env),
    });
    expect(found).toMatchObject({ kind: "verdict", verdict: GREEN });
    const read = (name: string) => readFileSync(join(place.root, name), "utf8");
    const words = read("arguments");
    for (const wanted of [
      "-p\n",
      "--tools\n\n",
      "--strict-mcp-config\n",
      '--settings\n{"disableAllHooks":true}\n',
      "--setting-sources\n\n",
    ]) {
      expect(words).toContain(wanted);
    }
    const variables = read("environment");
    expect(variables).toMatch(/^CLAUDE_PERMIT_CONSULTING=1$/m);
    expect(variables).toMatch(/^ANTHROPIC_API_KEY=k$/m);
    expect(variables).not.toMatch(/^(?:CLAUDECODE|ANTHROPIC_BASE_URL|NODE_OPTIONS|CLAUDE_CONFIG_DIR)=/m);
    expect(read("input")).toContain('"command": "ls"');
    expect(read("folder").trim()).toBe(join(place.home, "cache", "consulting"));
  });

  it.each([
    ["fails", "exit 1", "llm-refused"],
    ["reports an error", printed({ is_error: true, result: "no login" }), "llm-refused"],
    ["prints nonsense", "echo hello", "llm-malformed"],
    ["prints an array", "echo '[]'", "llm-malformed"],
    ["gives prose", printed({ is_error: false, result: "It is GREEN." }), "llm-malformed"],
    ["never ends", "while :; do sleep 1; done", "llm-timeout"],
    ["floods", "yes", "llm-too-large"],
  ])("that %s is a failure", async (_, body, code) => {
    const place = temporaryPlace();
    const settings = { ...NO_URL, ...CLI, claudePath: claudeThat(place, body) };
    const found = await assessWith(settings, requestOf({ command: "ls" }), {
      world: worldOf(place),
      deadlineMs: 2_000,
    });
    expect(found).toMatchObject({ kind: "failure", code });
  });

  it("takes no program of the project's, and none by a relative path", async () => {
    const place = temporaryPlace();
    mkdirSync(join(place.project, "bin"));
    const planted = place.write("project/bin/claude", `#!/bin/sh\ntouch ${place.root}/ran\n`);
    chmodSync(planted, 0o755);
    const world = worldOf(place, { PATH: `bin:.:${join(place.project, "bin")}` });
    const found = await assessWith({ ...NO_URL, ...CLI }, requestOf({ command: "ls" }), { world });
    expect(found).toMatchObject({ kind: "failure", code: "llm-no-program" });
    expect(existsSync(join(place.root, "ran"))).toBe(false);
  });
});
