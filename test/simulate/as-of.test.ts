/** The policy of a past moment, as the built hook kept it: what it would say of the calls that came after. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshWorld } from "../cli/run-cli.js";

const DENIES = `[[deny]]\nname = "no-make"\npattern = "Bash(make *)"\n`;
const ALLOWS = `[[allow]]\nname = "make"\npattern = "Bash(make *)"\n`;

describe("simulate --as-of", () => {
  const world = freshWorld(DENIES);
  let calls = 0;
  const hook = (command: string) => {
    calls += 1;
    world.run(["hook"], {
      input: JSON.stringify({
        hook_event_name: "PreToolUse",
        session_id: "s",
        cwd: world.project,
        permission_mode: "default",
        tool_name: "Bash",
        tool_use_id: `toolu_${calls}`,
        tool_input: { command },
      }),
    });
  };
  hook("make a");
  const then = new Date().toISOString();
  writeFileSync(join(world.home, "config.toml"), ALLOWS, { mode: 0o600 });
  hook("make b");

  const figures = (date: string) => {
    const { stdout, code } = world.run(["simulate", "--as-of", date, "--json"]);
    const { sections } = JSON.parse(stdout);
    const value = (id: string) => sections.simulate.figures[id].value;
    return [code, value("calls"), value("newly_blocked"), value("newly_allowed"), value("unchanged")];
  };

  it("blocks what was blocked then, and nothing is new access", () => {
    expect(figures(then)).toEqual([0, 2, 1, 0, 1]);
  });

  it("allows what is allowed by now, and that is new access", () => {
    expect(figures(new Date().toISOString())).toEqual([1, 2, 0, 1, 1]);
  });
});
