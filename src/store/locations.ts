/**
 * Where claude-permit's files are. Decides folders and names only: it opens nothing, and in the registered hook it
 * refuses to learn a place from the environment, which a repository can set (SPEC section 2).
 */
import { join, resolve, sep } from "node:path";

/** Name of our folder in Claude Code's. */
const OURS = `${sep}claude-permit`;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LocationInputs {
  /** `--home`. */
  readonly homeFlag?: string | undefined;
  /** `--config`: replaces the user and project layers. */
  readonly configFlag?: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  /** The user's home directory. */
  readonly osHome: string;
  /** True for the hook: once `--home` is given the environment is not looked at. */
  readonly hook: boolean;
  /** Where the machine's files are, `/etc`; tests give another folder. */
  readonly systemDir?: string;
}

/** Absolute paths; nothing says that a file is there. */
export interface Locations {
  readonly home: string;
  readonly osHome: string;
  /** Claude Code's own configuration folder, `~/.claude`. */
  readonly claudeDir: string;
  readonly systemDir: string;
  readonly configOverride: string | null;
  readonly managedConfig: string;
  readonly config: string;
  readonly autoRules: string;
  readonly policyText: string;
  readonly audit: string;
  readonly history: string;
  readonly pendingRules: string;
  readonly policies: string;
  readonly state: string;
  readonly cache: string;
  readonly reports: string;
}

export function locations(inputs: LocationInputs): Locations {
  const { homeFlag, env, cwd, osHome, hook } = inputs;
  const pinned = hook && homeFlag !== undefined && homeFlag !== "";
  const read = (name: string): string | undefined => (pinned ? undefined : env[name] || undefined);
  const claudeFromEnv = read("CLAUDE_CONFIG_DIR");
  const claudeDefault = absolute(cwd, claudeFromEnv ?? `${osHome}${sep}.claude`);
  const home = absolute(cwd, homeFlag || read("CLAUDE_PERMIT_HOME") || `${claudeDefault}${OURS}`);
  const override = inputs.configFlag || read("CLAUDE_PERMIT_CONFIG") || read("CLAUDE_PERMISSIONS_CONFIG");
  const systemDir = inputs.systemDir ?? "/etc";
  // Plain text where nothing needs normalising: the hook pays for every call of `join` at every tool call.
  const inHome = (name: string): string => `${home}${sep}${name}`;
  return {
    home,
    osHome,
    claudeDir: pinned && home.endsWith(OURS) ? home.slice(0, -OURS.length) || sep : claudeDefault,
    systemDir,
    configOverride: override === undefined ? null : resolve(cwd, override),
    managedConfig: `${systemDir}${OURS}${sep}config.toml`,
    config: inHome("config.toml"),
    autoRules: inHome("auto-rules.toml"),
    policyText: inHome("policy.md"),
    audit: inHome("audit.jsonl"),
    history: inHome("auto-rules.history.jsonl"),
    pendingRules: inHome("pending-rules.jsonl"),
    policies: inHome("policies"),
    state: inHome("state"),
    cache: inHome("cache"),
    reports: inHome("reports"),
  };
}

/** `resolve`, which a cold process pays for, only where the text is not canonical already. */
function absolute(cwd: string, path: string): string {
  const isCanonical = path.startsWith("/") && !["//", "/./", "/../"].some((odd) => `${path}/`.includes(odd));
  return isCanonical && sep === "/" ? path : resolve(cwd, path);
}

/**
 * The user's home directory for a hook that was registered with `--home`: `HOME` may come from a repository, so the
 * usual place `<home>/.claude/claude-permit` tells it, else the account does. A container's user may have no account:
 * then there is no other home than `HOME`.
 */
export function homeOfUser(homeFlag: string | undefined, fromEnv: () => string, fromAccount: () => string): string {
  if (homeFlag === undefined || homeFlag === "") return fromEnv();
  const home = absolute("", homeFlag);
  const usual = `${sep}.claude${OURS}`;
  if (home.endsWith(usual)) return home.slice(0, -usual.length) || sep;
  try {
    return fromAccount();
  } catch {
    return fromEnv();
  }
}

/** The project's policy file. */
export function projectConfig(project: string): string {
  return join(project, ".claude", "claude-permit.toml");
}
