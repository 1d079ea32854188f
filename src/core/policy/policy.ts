/**
 * A policy ready to judge calls: plain JSON-serialisable data, made by `compilePolicy` from policy files and read as it
 * is by the hook. Nothing here knows TOML, files or time.
 */
import type { Effect } from "../decision.js";
import type { WrapperDeclaration } from "../shell/shell.js";

export type RuleKind = "deny" | "ask" | "allow" | "passthrough" | "deny_promote";

/** Where a rule comes from. `config`: the file given by --config. `project`: a stranger's file until trusted. */
export type Layer = "builtin" | "managed" | "user" | "auto" | "config" | "project";

export interface SourcePosition {
  /** Path as shown to people; for built-in rules `<builtin>`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

export interface Regex {
  readonly source: string;
  /** `u` always; `i` where the older dialect or a path rule asks for it. */
  readonly flags: string;
  /** A substring every match contains (as is, or lower case when flags has `i`); lets the engine skip the RegExp. */
  readonly literal?: string;
}

/** A condition on one field of tool_input: yes when the field is a string and the regex matches. */
export interface FieldTest {
  readonly field: string;
  readonly regex: Regex;
}

/**
 * Claude Code's own rule syntax, compiled (contract section 8.2). Globs are kept as regexes; path patterns as
 * gitignore-style regexes relative to an anchor.
 */
export type Pattern =
  | { readonly kind: "tool"; readonly tool: Regex }
  | { readonly kind: "command"; readonly tool: string; readonly command: Regex; readonly ignoreCase: boolean }
  | {
      readonly kind: "path";
      /** `Read(p)` judges reads, and for deny also writes; `Edit(p)` judges writes. */
      readonly access: "read" | "edit";
      /** What the regex is matched against: absolute path, path below home, below the rule's own root, or below cwd. */
      readonly anchor: "root" | "home" | "source" | "cwd" | "any-depth";
      /** Absolute folder of the rule's source for anchor `source`, "" for the project root. */
      readonly base: string;
      readonly path: Regex;
    }
  | { readonly kind: "domain"; readonly host: Regex }
  | { readonly kind: "parameter"; readonly tool: Regex; readonly field: string; readonly value: Regex }
  | { readonly kind: "agent"; readonly agent: Regex }
  | { readonly kind: "skill"; readonly skill: Regex };

/** Structure of one simple command (SPEC section 3, `[*.shell]`). Lists are "any of" unless the name says otherwise. */
export interface ShellTest {
  readonly program?: readonly string[];
  readonly subcommand?: readonly string[];
  readonly flagsAny?: readonly string[];
  readonly flagsAll?: readonly string[];
  readonly flagsNone?: readonly string[];
  /** Regexes on positional words: yes when every regex matches some word. */
  readonly args?: readonly Regex[];
  /** `$PROJECT`, `~`, `$CWD` and absolute or relative folders. */
  readonly pathsInside?: readonly string[];
  readonly pathsOutside?: readonly string[];
  readonly redirects?: {
    readonly read?: readonly string[];
    readonly write?: readonly string[];
    readonly append?: readonly string[];
  };
  readonly env?: readonly string[];
  readonly effect?: readonly Effect[];
  readonly inPipelineWith?: readonly string[];
}

export interface Provenance {
  readonly promotedAt: string;
  readonly promotedTier?: string;
  readonly promotedReasoning?: string;
  readonly promotedSession?: string;
  readonly promotedRecord?: string;
  readonly promotedBy?: string;
}

export interface Rule {
  /** Place in `Policy.rules`. */
  readonly index: number;
  /** The name, else derived from kind and conditions only. */
  readonly id: string;
  readonly kind: RuleKind;
  readonly name?: string;
  readonly description?: string;
  readonly reason?: string;
  readonly layer: Layer;
  /** False for a project file that was not trusted: its reason never reaches Claude and its allows are left out. */
  readonly trusted: boolean;
  readonly source: SourcePosition;
  /** Whole-name regex. */
  readonly tool?: Regex;
  readonly pattern?: Pattern;
  readonly fields: readonly FieldTest[];
  /** Any match takes the rule away. `seesRaw`: the older dialect's excludes also look at the raw shell text. */
  readonly exclude: readonly (FieldTest & { readonly seesRaw: boolean })[];
  readonly shell?: ShellTest;
  /** Folders; yes when the call's cwd is one of them or below. */
  readonly cwd?: readonly string[];
  readonly permissionMode?: readonly string[];
  readonly session?: "headless" | "interactive";
  /** Look at the raw shell text instead of its parts. */
  readonly raw: boolean;
  /** An allow also covers `dangerouslyDisableSandbox`. */
  readonly sandbox?: "disabled-too";
  /** Milliseconds since the epoch; from then on the rule is gone. */
  readonly expires?: number;
  readonly provenance?: Provenance;
  /** Examples as written; `validate` runs them. */
  readonly match?: readonly Example[];
  readonly notMatch?: readonly Example[];
}

/** A string stands for the tool's main field; a table is the whole input. */
export type Example = string | Readonly<Record<string, unknown>>;

/** Settings with every default filled in (SPEC section 3). */
export interface Settings {
  readonly fail: "ask" | "deny" | "passthrough";
  readonly onYellow: "offer" | "ask" | "suggest" | "reroute";
  readonly unattended: boolean;
  readonly autoMode: "reads" | "full";
  /** Programs that Claude runs may change rules (SPEC section 10). INVARIANT: only the managed file says so. */
  readonly allowWrites: boolean;
  readonly llm: {
    readonly enabled: boolean;
    readonly backend: "anthropic" | "claude-cli";
    readonly model: string;
    readonly baseUrl?: string;
    /** Name of a variable of the environment. */
    readonly apiKeyEnv: string;
    /** A file that holds the key alone; then no variable is looked at. */
    readonly apiKeyFile?: string;
    /** Address of an HTTP proxy. */
    readonly proxy?: string;
    /** Absolute path of `claude`, for the backend claude-cli. */
    readonly claudePath?: string;
    readonly timeoutMs: number;
    readonly onError: "passthrough" | "ask" | "deny";
    readonly promote: "off" | "green";
    readonly promoteAfter: number;
    readonly promoteConfirmed: boolean;
    readonly cacheTtlMs: number;
    readonly maxPerMinute: number;
    readonly maxPerSession: number;
  };
  readonly audit: {
    readonly maxCommandBytes: number;
    readonly maxFieldChars: number;
    readonly maxInputBytes: number;
    readonly resultPreviewChars: number;
    readonly rotateBytes: number;
    /** `null`: never delete. */
    readonly retainDays: number | null;
    /** Extra redaction regexes beside the built-in detectors. */
    readonly redact: readonly Regex[];
  };
  /** Where and how rows leave the machine (`claude-permit ship`). */
  readonly ship: {
    /** Base address of an OTLP/HTTP endpoint; without it the environment is asked. */
    readonly endpoint?: string;
    /** A file of `name=value` lines. */
    readonly headersFile?: string;
    /** A file with the authority to trust. */
    readonly certificate?: string;
    /** INVARIANT: `full` is the managed file's to say. */
    readonly profile: "counts" | "redacted" | "full";
    /** A file with the organisation's key; without it the machine's own. */
    readonly keyFile?: string;
    /** More than this does not wait, `null`: any amount does. */
    readonly maxBacklogBytes: number | null;
    readonly maxBacklogDays: number | null;
  };
  readonly alerts: { readonly passthroughShare: number; readonly minCalls: number; readonly llmFailures: number };
  readonly notify: { readonly stopSummary: boolean; readonly promotions: boolean };
  readonly report: { readonly timezone: string; readonly weekStart: "monday" | "sunday" };
}

/** A finding about a policy file or an argument: one coded value, text built from the error table. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly rule?: string;
}

/** A file that took part, for `status` and `config sources`. */
export interface PolicySource {
  readonly file: string;
  readonly layer: Layer;
  readonly present: boolean;
  readonly trusted: boolean;
  readonly includedFrom?: string;
}

export interface Policy {
  /** Changes when the shape changes; the hook recompiles on another number. */
  readonly format: 1;
  /** claude-permit version that compiled it. */
  readonly engine: string;
  /** SHA-256 (hex, 16 chars) over what decides: rules without positions, and the settings that change decisions. */
  readonly hash: string;
  /**
   * `broken`: the files as they stand could not be used. Rules are then the deny and ask rules of the last good
   * policy (SPEC section 2), nothing is allowed by a rule, and the rest follows `settings.fail`.
   */
  readonly state: "ok" | "broken";
  readonly problems: readonly Problem[];
  readonly sources: readonly PolicySource[];
  readonly rules: readonly Rule[];
  /** Exact tool name -> indexes of rules that can only apply to it, in rule order. */
  readonly byTool: Readonly<Record<string, readonly number[]>>;
  /** Indexes of rules whose tool is a regex or absent. */
  readonly anyTool: readonly number[];
  readonly settings: Settings;
  readonly wrappers: readonly WrapperDeclaration[];
  /** What self-protection guards on this machine: absolute paths, in the spellings that matter. */
  readonly guarded: Guarded;
}

export interface Guarded {
  /** Our home and everything below. */
  readonly folders: readonly string[];
  /** Single files: settings files that register us, managed config, project file. */
  readonly files: readonly string[];
}
