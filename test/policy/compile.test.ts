import { describe, expect, it } from "vitest";
import { brokenPolicy, compilePolicy } from "../../src/core/policy/compile.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import { DEFAULT_SETTINGS } from "../../src/core/policy/settings.js";
import { compile, OPTIONS, oneRule, PROJECT, read, said, USER } from "./read-policy.js";

const SPEC_EXAMPLE = `
[[deny]]
name = "no-force-push"
description = "Shared history is not rewritten."
reason = "Use --force-with-lease."
pattern = "Bash(git push --force *)"
match = ["git push --force origin main"]
not_match = ["git push --force-with-lease"]

[[deny]]
name = "no-recursive-delete-outside-project"
tool = "Bash"
[deny.shell]
program = ["rm"]
flags_all = ["-r", "-f"]
paths_outside = ["$PROJECT", "/tmp"]

[[allow]]
tool = "Read|Grep|Glob"
[allow.fields]
file_path = '^/srv/app/'
[allow.exclude]
file_path = '\\.(env|pem)$'
`;

describe("a rule", () => {
  it("keeps everything that was written", () => {
    const rule = oneRule(`
[[ask]]
name = "all keys"
description = "d"
reason = "r"
tool = "Bash"
cwd = "~/work"
permission_mode = ["default", "auto"]
session = "headless"
sandbox = "disabled-too"
expires = 2027-01-31
match = "one"
not_match = ["two", { command = "three" }]
promoted_at = 2026-11-21T08:00:00Z
promoted_tier = "GREEN"
promoted_by = "me"
[ask.fields]
description = '^x'
[ask.exclude]
command = 'y'
[ask.shell]
program = "git"
subcommand = ["push", "pull"]
flags_any = "-f"
flags_none = ["--dry-run"]
args = '^main$'
paths_inside = "$PROJECT"
env = "GIT_DIR"
effect = "network"
in_pipeline_with = ["sh"]
redirects = { write = "/etc", append = ["~/.bashrc"] }
`);
    expect(rule).toEqual({
      index: 0,
      id: "all keys",
      kind: "ask",
      name: "all keys",
      description: "d",
      reason: "r",
      layer: "user",
      trusted: true,
      source: { file: "config.toml", line: 2, column: 1 },
      tool: { source: "^(?:Bash)$", flags: "u", literal: "Bash" },
      fields: [{ field: "description", regex: { source: "^x", flags: "u" } }],
      exclude: [{ field: "command", regex: { source: "y", flags: "u" }, seesRaw: false }],
      shell: {
        program: ["git"],
        subcommand: ["push", "pull"],
        flagsAny: ["-f"],
        flagsNone: ["--dry-run"],
        args: [{ source: "^main$", flags: "u", literal: "main" }],
        pathsInside: ["$PROJECT"],
        env: ["GIT_DIR"],
        effect: ["network"],
        inPipelineWith: ["sh"],
        redirects: { write: ["/etc"], append: ["~/.bashrc"] },
      },
      cwd: ["~/work"],
      permissionMode: ["default", "auto"],
      session: "headless",
      raw: false,
      sandbox: "disabled-too",
      expires: Date.UTC(2027, 0, 31),
      provenance: { promotedAt: "2026-11-21T08:00:00.000Z", promotedTier: "GREEN", promotedBy: "me" },
      match: ["one"],
      notMatch: ["two", { command: "three" }],
    });
  });

  it("survives JSON, as the hook reads it", () => {
    const policy = compile(SPEC_EXAMPLE);
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });
});

describe("ids", () => {
  const body = "tool = 'Bash'\nfields.command = '^rm'";
  const id = oneRule(`[[deny]]\n${body}\n`).id;

  it("of unnamed rules come from kind and conditions only", () => {
    expect(id).toMatch(/^deny-[0-9a-f]{8}$/);
    const same = `# moved\n\n\n[[deny]]\nreason = "other"\ndescription = "other"\nmatch = "rm"\nfields.command = '^rm'\ntool = 'Bash'\n`;
    expect(oneRule(same, { file: "elsewhere.toml", layer: "managed" }).id).toBe(id);
  });

  it.each([
    ["kind", `[[ask]]\n${body}\n`],
    ["regex", "[[deny]]\ntool = 'Bash'\nfields.command = '^rm '\n"],
    ["field", "[[deny]]\ntool = 'Bash'\nfields.description = '^rm'\n"],
    ["more", `[[deny]]\n${body}\nraw = true\n`],
  ])("differ with the %s", (_, text) => {
    expect(oneRule(text).id).not.toBe(id);
  });

  it("refuse a name twice, at the second place", () => {
    const policy = compile("[[deny]]\nname = 'a'\ntool = 'Bash'\n[[ask]]\nname = 'a'\ntool = 'Read'\n");
    expect(said(policy.problems)).toEqual([
      "config.toml:4:1: error: rule `a`: the name `a` is already taken at config.toml:1\n  hint: names are unique over all files",
    ]);
    expect(policy.rules).toHaveLength(1);
  });

  it("warn of the same unnamed rule twice", () => {
    const policy = compile(`[[deny]]\n${body}\n[[deny]]\nreason = "x"\n${body}\n`);
    expect(policy.problems.map(({ severity, code, line }) => [severity, code, line])).toEqual([
      ["warning", "duplicate-rule", 4],
    ]);
    expect(policy.rules).toHaveLength(1);
  });

  it("let no project break the user's policy by taking a name", () => {
    const user = read("[[deny]]\nname = 'a'\ntool = 'Bash'\n").file;
    const project = read("[[deny]]\nname = 'a'\ntool = 'Read'\n", PROJECT).file;
    const policy = compilePolicy([user, project], OPTIONS);
    expect(policy.problems.map(({ severity, code, file }) => [severity, code, file])).toEqual([
      ["warning", "duplicate-name", PROJECT.file],
    ]);
  });
});

describe("the trust boundary", () => {
  const text =
    "[[deny]]\ntool = 'Bash'\n[[ask]]\ntool = 'Read'\n[[allow]]\ntool = 'Edit'\n[[passthrough]]\ntool = 'Glob'\n[[allow]]\ntool = 'Grep'\nenabled = false\n";

  it("lets only deny and ask of an untrusted project count", () => {
    const policy = compile(text, PROJECT);
    expect(policy.rules.map(({ kind, trusted }) => [kind, trusted])).toEqual([
      ["deny", false],
      ["ask", false],
    ]);
    expect(said(policy.problems)).toEqual([
      "claude-permit.toml: warning: 2 allow or passthrough rules of this project file do not count yet\n  hint: read the file, then run `claude-permit trust`",
    ]);
  });

  it("lets all of a trusted project count, while it has no errors", () => {
    expect(compile(text, { ...PROJECT, trusted: true }).rules.map(({ kind }) => kind)).toEqual([
      "deny",
      "ask",
      "allow",
      "passthrough",
    ]);
    const unsound = compile(`${text}[[deny]]\ntool = 5\n`, { ...PROJECT, trusted: true });
    expect(unsound.rules.map(({ kind }) => kind)).toEqual(["deny", "ask"]);
    expect(unsound.problems.map(({ code }) => code)).toEqual(["unsound-allow"]);
  });

  it("starts a project's paths at its root whatever folder is given", () => {
    const rule = oneRule("[[deny]]\npattern = 'Read(/docs/**)'\n", { ...PROJECT, baseFolder: "/evil" });
    expect(rule.pattern).toMatchObject({ anchor: "source", base: "" });
  });
});

describe("the index", () => {
  it.each<[string, readonly string[] | undefined]>([
    ["tool = 'Bash'", ["Bash"]],
    ["tool = 'Read|Grep'", ["Read", "Grep"]],
    ["tool = 'mcp__.*'", undefined],
    ["pattern = 'Bash(ls)'", ["Bash", "Monitor"]],
    ["pattern = 'WebSearch'", ["WebSearch"]],
    ["pattern = 'mcp__git'", undefined],
    ["pattern = 'WebFetch(domain:a.b)'", ["WebFetch"]],
    ["pattern = 'Agent(x)'", ["Agent", "Task"]],
    ["pattern = 'Edit(src/**)'", ["Edit", "Write", "MultiEdit", "NotebookEdit", "Bash", "PowerShell", "Monitor"]],
    ["shell.program = 'rm'", ["Bash", "PowerShell", "Monitor"]],
    ["fields.command = 'rm'", undefined],
  ])("puts %s under %j", (condition, tools) => {
    const { byTool, anyTool } = compile(`[[deny]]\n${condition}\n`);
    expect([Object.keys(byTool), anyTool]).toEqual(tools === undefined ? [[], [0]] : [tools, []]);
  });
});

describe("settings", () => {
  it("have a TOML key for every setting, and no other", () => {
    const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const lines = Object.entries(DEFAULT_SETTINGS).flatMap(([group, value]) => {
      if (typeof value !== "object") return [`settings.${snake(group)} = ${JSON.stringify(value)}`];
      return Object.entries(value).map(([name, one]) => {
        const [key, shown] = name === "cacheTtlMs" ? ["cache_ttl", "24h"] : [snake(name), one ?? 30];
        return `settings.${group}.${key} = ${JSON.stringify(shown)}`;
      });
    });
    const { file, problems } = read(lines.join("\n"), { layer: "managed" });
    expect(problems).toEqual([]);
    const { settings } = compilePolicy([file], OPTIONS);
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      audit: { ...DEFAULT_SETTINGS.audit, retainDays: 30 },
      ship: { ...DEFAULT_SETTINGS.ship, maxBacklogBytes: 30, maxBacklogDays: 30 },
    });
  });

  it("add up: stronger layers win, including files win, redaction adds", () => {
    const file = (text: string, layer: "user" | "managed" | "auto" | "config", name = layer) =>
      read(text, { layer, file: name }).file;
    const { settings } = compilePolicy(
      [
        file("settings.fail = 'deny'\nsettings.audit.redact = 'aa'\n", "managed"),
        file("settings.fail = 'passthrough'\nsettings.llm.model = 'main'\nsettings.audit.redact = ['bb']\n", "user"),
        file("settings.llm.model = 'included'\nsettings.llm.timeout_ms = 5\n", "user"),
        file("settings.llm.model = 'auto'\nsettings.unattended = true\n", "auto"),
      ],
      OPTIONS,
    );
    expect([settings.fail, settings.llm.model, settings.llm.timeoutMs, settings.unattended]).toEqual([
      "deny",
      "main",
      5,
      true,
    ]);
    expect(settings.audit.redact.map(({ source }) => source).sort()).toEqual(["aa", "bb"]);
  });

  it("lets only the managed file open the policy to programs that Claude runs", () => {
    const text = "settings.allow_writes = true\n";
    const { file, problems } = read(text, { layer: "user" });
    expect(problems).toMatchObject([{ code: "managed-key", severity: "warning", line: 1 }]);
    expect(compilePolicy([file], OPTIONS).settings.allowWrites).toBe(false);
    expect(compile(text, { layer: "managed" }).settings.allowWrites).toBe(true);
  });

  it("let only the managed file ship what the log holds", () => {
    const text = "settings.ship.profile = 'full'\nsettings.ship.max_backlog_days = 3\n";
    const { file, problems } = read(text, { layer: "user" });
    expect(problems).toMatchObject([{ code: "managed-key", severity: "warning", line: 1 }]);
    expect(compilePolicy([file], OPTIONS).settings.ship).toMatchObject({ profile: "counts", maxBacklogDays: 3 });
    expect(compile(text, { layer: "managed" }).settings.ship.profile).toBe("full");
    expect(compile("settings.ship.profile = 'redacted'\n", { layer: "user" }).settings.ship.profile).toBe("redacted");
  });

  it("read durations and refuse slow redaction", () => {
    expect(read("settings.llm.cache_ttl = '90s'\n").file.settings.llm).toEqual({ cacheTtlMs: 90_000 });
    const { problems } = read("settings.audit.redact = ['ok', '(a+)+$']\n");
    expect(problems.map(({ code, column }) => [code, column])).toEqual([["regex-exponential", 32]]);
  });
});

describe("the hash", () => {
  const hash = (text: string) => compile(text).hash;
  const base = hash(SPEC_EXAMPLE);

  it.each([
    ["comments and places", `# x\n\n${SPEC_EXAMPLE}`],
    ["texts", SPEC_EXAMPLE.replace("Use --force-with-lease.", "No.").replace("Shared history", "History")],
    ["examples", SPEC_EXAMPLE.replace("origin main", "origin dev")],
    ["limits of the log", `${SPEC_EXAMPLE}\n[settings.audit]\nmax_field_chars = 10\n`],
    ["a disabled rule", `${SPEC_EXAMPLE}\n[[deny]]\ntool = "Glob"\nenabled = false\n`],
  ])("does not change with %s", (_, text) => {
    expect(hash(text)).toBe(base);
  });

  it.each([
    ["a regex", SPEC_EXAMPLE.replace("^/srv/app/", "^/srv/apps/")],
    ["a flag", SPEC_EXAMPLE.replace('"-r", ', "")],
    ["a name", SPEC_EXAMPLE.replace("no-force-push", "no-force")],
    ["a kind", SPEC_EXAMPLE.replace("[[allow]]", "[[ask]]").replaceAll("[allow.", "[ask.")],
    ["a setting that decides", `${SPEC_EXAMPLE}\n[settings]\nfail = "deny"\n`],
    ["a wrapper", `${SPEC_EXAMPLE}\n[[wrapper]]\nprogram = "run"\n`],
  ])("changes with %s", (_, text) => {
    expect(hash(text)).not.toBe(base);
    expect(hash(text)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("a broken policy", () => {
  const good = compile(
    `${SPEC_EXAMPLE}\n[[ask]]\ntool = "WebFetch"\n[settings]\nfail = "deny"\n[[wrapper]]\nprogram = "run"\n`,
  );
  const { problems } = parsePolicyFile("x", USER);

  it("keeps the deny and ask rules of the last good one, and its settings", () => {
    const broken = brokenPolicy(good, problems, OPTIONS);
    expect(broken).toMatchObject({ state: "broken", settings: good.settings, wrappers: good.wrappers, problems });
    expect(broken.rules.map(({ index, kind, id }) => [index, kind, id])).toEqual([
      [0, "deny", "no-force-push"],
      [1, "deny", "no-recursive-delete-outside-project"],
      [2, "ask", good.rules[3]?.id],
    ]);
    expect(broken.byTool).toEqual({ Bash: [0, 1], Monitor: [0], WebFetch: [2] });
    expect(broken.hash).not.toBe(good.hash);
  });

  it("stands alone when there never was a good one", () => {
    expect(brokenPolicy(null, problems, OPTIONS)).toMatchObject({
      state: "broken",
      rules: [],
      settings: DEFAULT_SETTINGS,
    });
  });
});

describe("limits", () => {
  it("stop at 2,000 rules a file and 10,000 in all", () => {
    const many = Array.from({ length: 2_001 }, (_, index) => `[[deny]]\npattern = "Bash(p${index})"\n`).join("");
    const { file, problems } = read(many);
    expect([file.rules.length, problems.map(({ code, line }) => [code, line])]).toEqual([
      2_000,
      [["too-many-rules", 4_001]],
    ]);
    const files = [0, 1, 2, 3, 4, 5].map((place) => {
      const rules = file.rules.slice(0, 1_800).map((rule, index) => ({ ...rule, name: `${place}-${index}` }));
      return {
        ...file,
        file: `${place}.toml`,
        rules: rules.map((rule) => ({ ...rule, source: { ...rule.source, file: `${place}.toml` } })),
      };
    });
    const policy = compilePolicy(files, OPTIONS);
    expect([policy.rules.length, policy.problems.map(({ code, file: name }) => [code, name])]).toEqual([
      10_000,
      [["too-many-rules", "5.toml"]],
    ]);
  });

  it("tell expired rules when they know the time", () => {
    const { file } = read("[[deny]]\ntool = 'Bash'\nexpires = '2026-01-01'\n");
    expect(compilePolicy([file], OPTIONS).problems).toEqual([]);
    const { problems } = compilePolicy([file], { ...OPTIONS, now: Date.UTC(2026, 1, 1) });
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ["expired", "the rule expired on 2026-01-01T00:00:00.000Z"],
    ]);
  });
});
