/** The table of commands: name, arguments, options, and the module loaded when it runs. Help and completions read it. */
import type { CommandSpec, OptionSpec } from "./command.js";

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--home <dir>", description: "where config, log and state are" },
  { flags: "--config <file>", description: "use this policy file instead of the user's and the project's" },
  { flags: "--audit <path>", description: "log file, folder or *.gz to read, or - for standard input", many: true },
  { flags: "--json", description: "the same answer for machines" },
  { flags: "--no-color", description: "no colour" },
  { flags: "--quiet", description: "no progress and no remarks" },
  { flags: "--read-only", description: "write nothing, not even caches" },
];

export const DATA_OPTIONS: readonly OptionSpec[] = [
  { flags: "--since <when>", description: "from then on: 30m, 24h, 7d, 2w, an ISO date, today, yesterday, monday" },
  { flags: "--until <when>", description: "before then" },
  { flags: "--tz <zone>", description: "time zone for days and printed times" },
  { flags: "--session <id>", description: "one session: an id, last, last-1" },
  { flags: "--tool <name>", description: "one tool" },
  { flags: "--decision <decision>", description: "allow, deny, ask, passthrough, error_passthrough, rerouted" },
  { flags: "--tier <tier>", description: "who decided: deny, ask, allow, auto, llm, reroute, passthrough, user, ..." },
  { flags: "--rule <id>", description: "one rule" },
  { flags: "--project <dir>", description: "one project" },
  { flags: "--limit <n>", description: "at most so many rows" },
];

const CALL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--tool <name>", description: "the tool of the call (default Bash)" },
  { flags: "--input <json>", description: "the whole tool input as JSON" },
  { flags: "--cwd <dir>", description: "directory the call is made in (default: here)" },
  { flags: "--mode <mode>", description: "permission mode (default: default)" },
  { flags: "--headless", description: "judge as in a session nobody attends" },
];

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "analyze",
    summary: "report on what was decided and why",
    data: true,
    options: [
      { flags: "--section <name>", description: "only this section", many: true },
      { flags: "--format <format>", description: "how to write it", choices: ["term", "md", "html", "json"] },
      { flags: "-o, --output <file>", description: "write to this file" },
      { flags: "--open", description: "open the written report" },
      { flags: "--fail-on <conditions>", description: "exit 1 when crossed: 'deny>0,passthrough>30%'" },
    ],
    examples: ["analyze --since 7d", "analyze --format html -o report.html", "analyze --fail-on 'deny>0' --quiet"],
    load: () => import("./commands/analyze.js"),
  },
  {
    name: "list",
    summary: "recent decisions, newest first",
    data: true,
    options: [{ flags: "--all", description: "outcomes and session events too" }],
    load: () => import("./commands/list.js"),
  },
  {
    name: "stats",
    summary: "how many calls were approved, asked, blocked",
    data: true,
    load: () => import("./commands/stats.js"),
  },
  {
    name: "session",
    args: "[id]",
    summary: "one session's summary",
    data: true,
    options: [{ flags: "--format <format>", description: "how to write it", choices: ["term", "md", "json"] }],
    load: () => import("./commands/session.js"),
  },
  {
    name: "compare",
    args: "[a] [b]",
    summary: "two sessions or windows side by side (default: the last two sessions)",
    data: true,
    options: [{ flags: "--format <format>", description: "how to write it", choices: ["term", "md", "html", "json"] }],
    examples: ["compare last-1 last", "compare 2026-11-01..2026-11-08 2026-11-08..2026-11-15"],
    load: () => import("./commands/compare.js"),
  },
  {
    name: "digest",
    summary: "the security digest of a day, week or month, against the one before",
    data: true,
    options: [
      { flags: "--period <period>", description: "how long (default: week)", choices: ["day", "week", "month"] },
      { flags: "--last", description: "the last complete one, not the one in progress" },
      { flags: "--format <format>", description: "how to write it", choices: ["term", "md", "html", "json"] },
      { flags: "-o, --output <file>", description: "write to this file" },
      { flags: "--fail-on <conditions>", description: "exit 1 when crossed: 'deny>0,unsafe>0'" },
      { flags: "--install-cron", description: "show the scheduled job that writes it; with --yes install it" },
      { flags: "--uninstall-cron", description: "show that job; with --yes remove it" },
      { flags: "--yes", description: "do it" },
    ],
    examples: ["digest", "digest --period month --last --format html", "digest --install-cron --yes"],
    load: () => import("./commands/digest.js"),
  },
  {
    name: "test",
    args: "[command]",
    summary: "would this call be allowed?",
    options: [...CALL_OPTIONS, { flags: "--file <cases.toml>", description: "run a file of cases" }],
    examples: ["test 'git push'", `test --tool Read --input '{"file_path":"/etc/passwd"}'`],
    load: () => import("./commands/test.js"),
  },
  {
    name: "explain",
    args: "[record-or-command]",
    summary: "one decision step by step: a record id, last, or a command",
    options: CALL_OPTIONS,
    examples: ["explain last", "explain 'rm -rf build'"],
    load: () => import("./commands/explain.js"),
  },
  {
    name: "simulate",
    summary: "what would have happened under another policy? exit 1 when it gives new access",
    data: true,
    options: [
      { flags: "--with <file>", description: "this policy file, in place of the user's and the project's" },
      { flags: "--as-of <date>", description: "the policy in force then" },
      { flags: "--format <format>", description: "how to write it", choices: ["term", "md", "html", "json"] },
      { flags: "-o, --output <file>", description: "write to this file" },
    ],
    examples: ["simulate --with new.toml --since 30d", "simulate --as-of 2026-11-01 --format md"],
    load: () => import("./commands/simulate.js"),
  },
  {
    name: "validate",
    aliases: ["validate-config"],
    args: "[file]",
    summary: "check the policy files",
    load: () => import("./commands/validate.js"),
  },
  {
    name: "rules",
    summary: "every rule in force",
    children: [
      {
        name: "list",
        summary: "all rules with their hits",
        data: true,
        load: () => import("./commands/rules-list.js"),
      },
      {
        name: "show",
        args: "<rule>",
        summary: "one rule with its source, examples and last hits",
        data: true,
        load: () => import("./commands/rules-show.js"),
      },
    ],
  },
  {
    name: "query",
    args: "[json]",
    summary: "ask as a program: one JSON object in, one out (- reads it from standard input)",
    options: [
      { flags: "--compact", description: "on one line (default on a pipe)" },
      { flags: "--pretty", description: "indented (default on a terminal)" },
    ],
    examples: [
      `query '{"type":"match_test","tool":"Bash","input":{"command":"git push"}}'`,
      `query '{"type":"log","decision":"deny","since":"24h"}'`,
      `query '{"type":"stats","since":"7d"}'`,
    ],
    load: () => import("./commands/query.js"),
  },
  {
    name: "init",
    summary: "register the hook in Claude Code and prove that it answers",
    options: [
      {
        flags: "--scope <scope>",
        description: "whose settings (default: ask, else user)",
        choices: ["user", "project", "local"],
      },
      { flags: "--yes", description: "do not ask" },
      { flags: "--dry-run", description: "show what would be written, write nothing" },
      { flags: "--import", description: "take the settings' permission lists over as rules" },
      { flags: "--uninstall", description: "take the hook out again" },
    ],
    examples: ["init", "init --scope user --yes", "init --dry-run", "init --uninstall"],
    load: () => import("./commands/init.js"),
  },
  {
    name: "status",
    summary: "is the hook registered, does it answer, and is all else as it should be?",
    load: () => import("./commands/status.js"),
  },
  {
    name: "statusline",
    summary: "a segment for Claude Code's status line (reads its JSON from standard input)",
    load: () => import("./commands/statusline.js"),
  },
  {
    name: "trust",
    args: "[project]",
    summary: "count the allow rules of this project's policy file",
    options: [{ flags: "--revoke", description: "forget the trust" }],
    load: () => import("./commands/trust.js"),
  },
  {
    name: "import",
    summary: "bring in history and rules from elsewhere",
    children: [
      {
        name: "transcripts",
        args: "[paths...]",
        summary: "Claude Code's transcripts, as far as they tell",
        load: () => import("./commands/import-transcripts.js"),
      },
      {
        name: "settings",
        args: "[file]",
        summary: "the permission lists of a Claude Code settings file, as rules",
        options: [{ flags: "-o, --output <file>", description: "write the rules to this file" }],
        load: () => import("./commands/import-settings.js"),
      },
      {
        name: "permissions-hook",
        args: "[path]",
        summary: "config (as rules) or logs (as records) of claude-code-permissions-hook",
        options: [{ flags: "-o, --output <file>", description: "write the rules to this file" }],
        load: () => import("./commands/import-permissions-hook.js"),
      },
    ],
  },
  {
    name: "completions",
    args: "<shell>",
    summary: "completion script for bash, zsh or fish",
    load: () => import("./commands/completions.js"),
  },
  { name: "hook", summary: "the runtime entry that Claude Code calls (reads an event from standard input)" },
];
