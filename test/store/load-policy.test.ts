import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Policy } from "../../src/core/policy/policy.js";
import { type LoadedPolicy, loadPolicy, type PolicyInputs } from "../../src/store/load-policy.js";
import { trust } from "../../src/store/trust.js";
import { PROJECT_CONFIG, temporaryPlace, USER_CONFIG } from "./temporary.js";

const deny = (name: string): string => `[[deny]]\nname = "${name}"\npattern = "Bash(rm *)"\nreason = "no"\n`;
const allow = (name: string): string => `[[allow]]\nname = "${name}"\npattern = "Bash(make ${name})"\n`;

const load = (inputs: PolicyInputs): LoadedPolicy => loadPolicy(inputs, () => null);
const names = ({ policy }: { readonly policy: Policy }): string[] => policy.rules.map(({ id }) => id).sort();
const codes = ({ problems }: LoadedPolicy): string[] => problems.map(({ severity, code }) => `${severity} ${code}`);

test("no file at all is an empty policy, and every place is watched", () => {
  const { inputs, home, osHome, project, systemDir } = temporaryPlace();
  const loaded = load(inputs());
  expect(loaded.policy).toMatchObject({ state: "ok", rules: [], problems: [] });
  expect(loaded.stamps.map(({ path }) => path).sort()).toEqual(
    [
      join(home, "state/trust.json"),
      join(systemDir, "claude-permit/config.toml"),
      join(home, "config.toml"),
      join(osHome, ".config/claude-code-permissions-hook.toml"),
      join(systemDir, "claude-code-permissions-hook.toml"),
      join(home, "auto-rules.toml"),
      join(project, ".claude/claude-permit.toml"),
      join(project, "claude-code-permissions-hook.toml"),
      join(project, "../.config/claude-code-permissions-hook.toml"),
    ].sort(),
  );
});

test("all layers are in force together", () => {
  const place = temporaryPlace();
  place.write("etc/claude-permit/config.toml", deny("managed"));
  place.write(USER_CONFIG, allow("user"));
  place.write("user/.claude/claude-permit/auto-rules.toml", `[[allow]]\nname = "auto"\npattern = "Bash(ls)"\n`);
  place.write(PROJECT_CONFIG, `[[ask]]\nname = "project"\ntool = "WebFetch"\n`);
  const { policy } = load(place.inputs());
  expect(policy.rules.map(({ id, layer, trusted }) => [id, layer, trusted])).toEqual([
    ["managed", "managed", true],
    ["user", "user", true],
    ["auto", "auto", true],
    ["project", "project", false],
  ]);
});

test("--config takes the place of user and project files, not of the managed one", () => {
  const place = temporaryPlace();
  place.write("etc/claude-permit/config.toml", deny("managed"));
  place.write(USER_CONFIG, deny("user"));
  place.write("user/.claude/claude-permit/auto-rules.toml", allow("auto"));
  place.write(PROJECT_CONFIG, deny("project"));
  const configFlag = place.write("other.toml", allow("given"));
  expect(names(load(place.inputs({ configFlag })))).toEqual(["given", "managed"]);
});

test("includes: relative, globs in order, each file once, with who included it", () => {
  const place = temporaryPlace();
  const main = place.write(USER_CONFIG, `include = ["rules/*.toml", "rules/b.toml"]\n${deny("main")}`);
  const rules = "user/.claude/claude-permit/rules";
  place.write(`${rules}/b.toml`, allow("b"));
  const a = place.write(`${rules}/a.toml`, `include = ["deep/c.toml"]\n${allow("a")}`);
  place.write(`${rules}/deep/c.toml`, allow("c"));
  place.write(`${rules}/.hidden.toml`, allow("hidden"));
  const loaded = load(place.inputs());
  expect(loaded.problems).toEqual([]);
  expect(names(loaded)).toEqual(["a", "b", "c", "main"]);
  const included = loaded.sources.filter(({ includedFrom }) => includedFrom !== undefined);
  expect(included.map(({ file, includedFrom }) => [file.split("/").pop(), includedFrom])).toEqual([
    ["a.toml", main],
    ["c.toml", a],
    ["b.toml", main],
  ]);
});

test.each([
  ["a missing file", { "": 'include = ["gone.toml"]\n' }, "include-missing", 1],
  ["a cycle", { "": '\ninclude = ["a.toml"]\n', "a.toml": 'include = ["config.toml"]\n' }, "include-cycle", 1],
  ["itself", { "": 'include = ["config.toml"]\n' }, "include-cycle", 1],
  ["a glob in a folder name", { "": 'include = ["*/a.toml"]\n' }, "include-glob", 1],
  ["a missing folder", { "": 'include = ["gone/*.toml"]\n' }, "include-missing", 1],
  ["a folder as a file", { "": 'include = ["state"]\n', "state/x": "" }, "file-unreadable", undefined],
])("including %s breaks the user's policy and says where", (_, files, code, line) => {
  const place = temporaryPlace();
  for (const [name, text] of Object.entries(files)) {
    place.write(`user/.claude/claude-permit/${name || "config.toml"}`, text);
  }
  const loaded = load(place.inputs());
  expect(loaded.policy.state).toBe("broken");
  const found = loaded.problems.find((problem) => problem.code === code);
  expect(found?.file).toBeDefined();
  if (line !== undefined) expect(found?.line).toBeGreaterThanOrEqual(line);
});

test("a user's file that is broken keeps the last good deny and ask rules and allows nothing", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, deny("kept") + allow("lost"));
  const good = load(place.inputs()).policy;
  place.write(USER_CONFIG, "[[deny]\n");
  const loaded = loadPolicy(place.inputs(), () => good);
  expect(loaded.policy.state).toBe("broken");
  expect(names(loaded)).toEqual(["kept"]);
  expect(loaded.problems[0]).toMatchObject({ severity: "error", file: place.inputs().locations.config, line: 1 });
});

const OLDER = `[[deny]]\ntool = "Bash"\ncommand_regex = "^rm"\n`;

test.each([
  ["the user's folder", ["user/.config"], ["user"]],
  ["the machine", ["etc"], ["user"]],
  ["the user's folder before the machine", ["etc", "user/.config"], ["user"]],
  ["the project", ["project"], ["project"]],
  ["beside the project", [".config"], ["project"]],
  ["both: a repository's file never takes the place of the user's", ["project", "user/.config"], ["user", "project"]],
])("claude-code-permissions-hook's file is found in %s", (_, folders, layers) => {
  const place = temporaryPlace();
  for (const folder of folders) place.write(`${folder}/claude-code-permissions-hook.toml`, OLDER);
  const { policy } = load(place.inputs());
  const present = policy.sources.filter((source) => source.present);
  expect(present.map(({ layer }) => layer)).toEqual(layers);
});

test("it is not looked for when there is a config of ours", () => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, deny("ours"));
  for (const folder of ["project", "user/.config"]) {
    place.write(`${folder}/claude-code-permissions-hook.toml`, OLDER);
  }
  expect(names(load(place.inputs()))).toEqual(["ours"]);
});

test("what self-protection guards: our home, settings, policy files, the program, in both spellings", () => {
  const place = temporaryPlace();
  const linked = join(place.root, "linked");
  symlinkSync(place.project, linked);
  place.write(PROJECT_CONFIG, deny("x"));
  const { guarded } = loadPolicy(
    { ...place.inputs({ project: linked }), programFolder: "/opt/permit" },
    () => null,
  ).policy;
  expect(guarded.folders).toEqual(expect.arrayContaining([place.home, "/opt/permit"]));
  expect(guarded.files).toEqual(
    expect.arrayContaining([
      join(place.osHome, ".claude/settings.json"),
      join(linked, ".claude/settings.local.json"),
      join(place.project, ".claude/settings.local.json"),
      join(place.project, ".claude/claude-permit.toml"),
    ]),
  );
});

// A hostile repository: everything below is what a cloned project could contain.

test("a stranger's allow, settings and wrappers do not count; its deny and ask rules do", () => {
  const place = temporaryPlace();
  place.write(
    PROJECT_CONFIG,
    `${deny("no")}${allow("yes")}[settings]\nfail = "passthrough"\n[[wrapper]]\nprogram = "x"\n`,
  );
  const loaded = load(place.inputs());
  expect(loaded.policy.state).toBe("ok");
  expect(names(loaded)).toEqual(["no"]);
  expect(loaded.policy.settings.fail).toBe("ask");
  expect(loaded.policy.wrappers).toEqual([]);
  expect(codes(loaded).every((text) => text.startsWith("warning "))).toBe(true);
  expect(codes(loaded)).toContain("warning project-key");
});

test("a stranger's promotion stop is refused", () => {
  const place = temporaryPlace();
  place.write(PROJECT_CONFIG, `[[deny_promote]]\nname = "p"\ntool = "Bash"\n`);
  expect(names(load(place.inputs()))).toEqual([]);
});

test.each([
  ["broken TOML", "[[deny]\n"],
  ["an unknown key", `[[deny]]\nname = "a"\ntoool = "Bash"\n`],
  ["a slow regex", `[[deny]]\nname = "a"\ntool = "Bash"\n[deny.fields]\ncommand = '(a+)+$'\n`],
  ["a huge file", `# ${"x".repeat(1 << 20)}\n`],
  ["three thousand rules", "[[deny]]\ntool = 'B'\n".repeat(3_000)],
  ["a name the user's rule has", allow("mine")],
])("%s in a project file is a warning, and the user's rules stand", (_, text) => {
  const place = temporaryPlace();
  place.write(USER_CONFIG, deny("mine"));
  place.write(PROJECT_CONFIG, text);
  const loaded = load(place.inputs());
  expect(loaded.policy.state).toBe("ok");
  expect(loaded.policy.rules.find(({ id }) => id === "mine")).toMatchObject({ kind: "deny", layer: "user" });
  expect(loaded.problems.length).toBeGreaterThan(0);
  expect(codes(loaded).filter((found) => found.startsWith("error"))).toEqual([]);
});

test("a stranger's includes are few and small, whatever they say", () => {
  const place = temporaryPlace();
  place.write(PROJECT_CONFIG, `include = ["rules/*.toml"]\n${deny("main")}`);
  for (let n = 0; n < 50; n++) place.write(`project/.claude/rules/${n}.toml`, `[[ask]]\nname = "r${n}"\ntool = "W"\n`);
  const many = load(place.inputs());
  expect(names(many)).toHaveLength(10);
  expect(codes(many)).toContain("warning include-limit");
  for (let n = 0; n < 50; n++) place.write(`project/.claude/rules/${n}.toml`, `# ${"x".repeat(100_000)}\n`);
  expect(codes(load(place.inputs()))).toContain("warning file-too-large");
});

test("a pipe in place of the project file does not block and is refused", () => {
  const place = temporaryPlace();
  mkdirSync(join(place.project, ".claude"));
  execFileSync("mkfifo", [join(place.project, ".claude", "claude-permit.toml")]);
  const loaded = load(place.inputs());
  expect(codes(loaded)).toEqual(["warning file-unreadable"]);
});

test.each([
  ["the project file is a link out", "project/.claude/claude-permit.toml", null],
  ["its folder is a link out", "project/.claude", null],
  ["an include is a link out", "project/.claude/more.toml", 'include = ["more.toml"]\n'],
  ["an include's folder is a link out", "project/.claude/sub", 'include = ["sub/claude-permit.toml"]\n'],
])("%s: not read", (_, link, main) => {
  const place = temporaryPlace();
  place.write("outside/claude-permit.toml", allow("outside") + deny("outside-deny"));
  if (main !== null) place.write(PROJECT_CONFIG, main);
  mkdirSync(join(place.root, link, ".."), { recursive: true });
  const isFolder = !link.endsWith(".toml");
  symlinkSync(join(place.root, isFolder ? "outside" : "outside/claude-permit.toml"), join(place.root, link));
  const loaded = load(place.inputs());
  expect(names(loaded)).toEqual([]);
  expect(codes(loaded)).toContain("warning include-outside");
});

test.each(["../../outside.toml", "/etc/hostname", "../*.toml"])("an include of %s is not read", (include) => {
  const place = temporaryPlace();
  place.write("outside.toml", deny("outside"));
  place.write("project/other.toml", deny("other"));
  place.write(PROJECT_CONFIG, `include = ["${include}"]\n${deny("main")}`);
  const loaded = load(place.inputs());
  expect(names(loaded)).toEqual(["main"]);
  expect(codes(loaded)).toContain("warning include-outside");
});

test("a file of the older dialect in a repository is a stranger's file too", () => {
  const place = temporaryPlace();
  place.write(
    "project/claude-code-permissions-hook.toml",
    `[[allow]]\ntool = "Bash"\ncommand_regex = "^curl"\n${OLDER}`,
  );
  const loaded = load(place.inputs());
  expect(loaded.policy.rules.map(({ kind, trusted }) => [kind, trusted])).toEqual([["deny", false]]);
});

test("trust holds for the bytes: allow counts after it, and any change takes it away and is said", async () => {
  const place = temporaryPlace();
  place.write(PROJECT_CONFIG, `include = ["more.toml"]\n${allow("one")}`);
  place.write("project/.claude/more.toml", allow("two"));
  expect(names(load(place.inputs()))).toEqual([]);

  const granted = await trust(place.inputs(), 0);
  expect(granted).toMatchObject({
    kind: "trusted",
    trust: { root: place.project, files: [".claude/claude-permit.toml", ".claude/more.toml"] },
  });
  const trusted = load(place.inputs());
  expect(names(trusted)).toEqual(["one", "two"]);
  expect(trusted.problems).toEqual([]);

  place.write("project/.claude/more.toml", allow("six"));
  const changed = load(place.inputs());
  expect(changed.project.trust).toBe("changed");
  expect(names(changed)).toEqual([]);
  expect(codes(changed)).toContain("warning trust-changed");
});

test("trust is found again by another spelling of the project", async () => {
  const place = temporaryPlace();
  place.write(PROJECT_CONFIG, allow("one"));
  await trust(place.inputs(), 0);
  const linked = join(place.root, "linked");
  symlinkSync(place.project, linked);
  expect(names(load(place.inputs({ project: linked })))).toEqual(["one"]);
});

test("trust of one project is not trust of another with the same file", async () => {
  const place = temporaryPlace();
  place.write(PROJECT_CONFIG, allow("one"));
  place.write("copy/.claude/claude-permit.toml", allow("one"));
  await trust(place.inputs(), 0);
  expect(names(load(place.inputs({ project: join(place.root, "copy") })))).toEqual([]);
});

test("a file with errors, no file, and a file that changed since it was shown are not trusted", async () => {
  const place = temporaryPlace();
  expect(await trust(place.inputs(), 0)).toMatchObject({ kind: "refused", trust: { state: "absent" } });
  place.write(PROJECT_CONFIG, `${allow("one")}[settings]\nfail = "passthrough"\n`);
  expect(await trust(place.inputs(), 0)).toMatchObject({ kind: "refused" });
  place.write(PROJECT_CONFIG, allow("one"));
  expect(await trust(place.inputs(), 0, [{ text: allow("other") }])).toMatchObject({ kind: "refused" });
  expect(load(place.inputs()).project.trust).toBe("untrusted");
});
