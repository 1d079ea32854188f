/** The library as a stranger uses it: by the package's name, from another folder, with the documented example. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";
import { ROOT, SAMPLE } from "../cli/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "claude-permit-library-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(ROOT, join(folder, "node_modules", "claude-permit"));
copyFileSync(SAMPLE, join(folder, "audit.jsonl"));
writeFileSync(join(folder, "policy.toml"), '[[deny]]\nname = "no-force"\npattern = "Bash(git push --force *)"\n');
const docs = readFileSync(join(ROOT, "docs", "library.md"), "utf8");
const example = /```js\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";

function run(code: string) {
  writeFileSync(join(folder, "example.mjs"), code);
  return spawnSync(process.execPath, ["example.mjs"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, HOME: folder },
  });
}

it("runs the documented example", () => {
  const { stdout, stderr, status } = run(example);
  expect(stderr.replaceAll(/^.*ExperimentalWarning.*\n/gm, "")).not.toMatch(/Error/);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^deny no-force\n/);
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT/m);
  expect(stdout).toContain("## ");
});

it("does nothing by being imported", () => {
  expect(run('await import("claude-permit");')).toMatchObject({ stdout: "", stderr: "", status: 0 });
});

it("exports what the documentation names, and nothing by accident", () => {
  const named = [...(/import \{([^}]*)\}/.exec(example)?.[1] ?? "").matchAll(/\w+/g)].map(([word]) => word);
  expect(Object.keys(library).sort()).toEqual([...named, "AuditError", "renderJson"].sort());
});

describe("errors", () => {
  it("of a log that is not there", async () => {
    const read = async () => {
      for await (const _ of library.readAudit(join(folder, "none"))) expect.fail("there is nothing to read");
    };
    await expect(read()).rejects.toMatchObject({ name: "AuditError", code: "log_not_found", hint: expect.any(String) });
    await expect(library.buildReport(join(folder, "none"))).rejects.toBeInstanceOf(library.AuditError);
  });

  it("of a zone and a section that are not", async () => {
    await expect(library.buildReport(SAMPLE, { timezone: "Mars/Olympus" })).rejects.toThrow(/time zone/);
    await expect(library.buildReport(SAMPLE, { sections: ["denialz"] })).rejects.toThrow(/no section/);
  });

  it("of a policy are values", () => {
    writeFileSync(join(folder, "broken.toml"), "[[deny]]\npatern = 1\n");
    const policy = library.readPolicy({ config: join(folder, "broken.toml"), cwd: folder, home: join(folder, "home") });
    expect(policy).toMatchObject({
      state: "broken",
      problems: expect.arrayContaining([expect.objectContaining({ code: "unknown-key" })]),
    });
  });
});
