/** What the plugin's files say is true of the rest: hooks as `init` registers them, commands that exist, one version. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.js";
import { groupFor, REGISTERED_EVENTS } from "../../src/cli/install/registration.js";
import { ROOT } from "../cli/run-cli.js";

const read = (...path: readonly string[]) => readFileSync(join(ROOT, ...path), "utf8");
const json = (...path: readonly string[]) => JSON.parse(read(...path));
const SKILLS = readdirSync(join(ROOT, "plugin", "skills"));

describe("the plugin's files", () => {
  it("register the hooks that init registers, with a home that no environment can move", () => {
    const program = {
      node: "node",
      hook: "${CLAUDE_PLUGIN_ROOT}/dist/hook.cjs",
      // The folder of Claude Code's configuration holds plugins/data/<id>.
      home: "${CLAUDE_PLUGIN_DATA}/../../../claude-permit",
    };
    const groups = REGISTERED_EVENTS.map((event) => [event, [groupFor(event, program)]]);
    expect(json("plugin", "hooks", "hooks.json")["hooks"]).toEqual(Object.fromEntries(groups));
  });

  it("declare no hooks a second time, and one name and version everywhere", () => {
    const manifest = json("plugin", ".claude-plugin", "plugin.json");
    expect(manifest).not.toHaveProperty("hooks");
    expect(manifest.version).toBe(json("package.json").version);
    const [listed] = json(".claude-plugin", "marketplace.json").plugins;
    expect(listed).toMatchObject({ name: manifest.name, source: "./plugin", description: manifest.description });
  });

  it.each(SKILLS)("skill %s has its name, says when to use it, and names commands and flags that exist", (skill) => {
    const text = read("plugin", "skills", skill, "SKILL.md");
    expect(text).toMatch(new RegExp(`^---\\nname: ${skill}\\ndescription: .{40,}\\n`));
    const lines = [...text.matchAll(/`(claude-permit [^`]+)`/g)].map(([, line = ""]) => line);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const [, name, ...words] = line.replaceAll(/'[^']*'/g, "TEXT").split(/\s+/);
      const command = COMMANDS.find((one) => one.name === name);
      expect(command, line).toBeDefined();
      const known = (command?.options ?? []).flatMap(({ flags }) => flags.match(/--?[a-z-]+/g) ?? []);
      const data = ["--since", "--until", "--session", "--tool", "--decision", "--limit"];
      const unknown = words.filter((word) => word.startsWith("-") && ![...known, ...data].includes(word));
      expect(unknown, line).toEqual([]);
    }
  });

  it("hold every part that the built hook loads", () => {
    const files = readdirSync(join(ROOT, "plugin", "dist"));
    const text = files.map((file) => read("plugin", "dist", file)).join("\n");
    const loaded = new Set(text.match(/hook-[a-z]+\.(?:cjs|txt)/g));
    expect(loaded.size).toBeGreaterThan(3);
    expect(files.toSorted()).toEqual(["hook.cjs", ...loaded].toSorted());
  });
});
