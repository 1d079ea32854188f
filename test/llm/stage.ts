/** The built hook, a home whose policy consults a model, and the mock that plays the model. */
import { type Bundle, logged, type Started } from "../hook/bundle.js";
import { calling } from "../hook/scene.js";
import { type Place, temporaryPlace } from "../store/temporary.js";
import { mockMessages, type Script, type Seen } from "./mock-messages-server.js";

export type Session = "interactive" | "headless" | "unattended";

export interface Asked {
  readonly session?: Session;
  readonly tool?: string;
  readonly input?: object;
  /** More fields of the event. */
  readonly event?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** SIGTERM as soon as this holds. */
  readonly terminateWhen?: () => boolean;
}

export interface Told {
  readonly started: Started;
  /** Whole standard output. */
  readonly output: Readonly<Record<string, unknown>>;
  /** `hookSpecificOutput`, {} when the hook said nothing. */
  readonly said: Readonly<Record<string, unknown>>;
  /** The record of this call. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

export interface LlmStage {
  readonly place: Place;
  readonly url: string;
  readonly requests: readonly Seen[];
  readonly ask: (command: string | object, asked?: Asked) => Promise<Told>;
}

export const LEASE = `
[[allow]]
name = "push-with-lease"
pattern = "Bash(git push --force-with-lease)"
`;

/** Given in the settings where a row does not care. */
export const KEY = "sk-ant-mock-key";

const FLAGS: Readonly<Record<Session, readonly string[]>> = {
  interactive: [],
  headless: [],
  unattended: ["--unattended"],
};

/** `settings`: lines of `[settings]`; `llm`: lines of `[settings.llm]`; `rules`: the rest of the policy. */
export async function llmStage(
  hook: Bundle,
  script: Script,
  { settings = "", llm = "", rules = LEASE }: { settings?: string; llm?: string; rules?: string } = {},
): Promise<LlmStage> {
  const place = temporaryPlace();
  const { url, requests } = await mockMessages(script);
  place.write(
    "user/.claude/claude-permit/config.toml",
    `[settings]\n${settings}\n[settings.llm]\nenabled = true\nbase_url = "${url}"\n${llm}\n${rules}`,
  );
  let calls = 0;
  return {
    place,
    url,
    requests,
    ask: async (
      command,
      { session = "interactive", tool = "Bash", input, event = {}, env = {}, terminateWhen } = {},
    ) => {
      calls += 1;
      const id = `toolu_${calls}`;
      const given = input ?? (typeof command === "string" ? { command } : command);
      const began = performance.now();
      const started = await hook.start(place, calling(tool, given, { cwd: place.project, tool_use_id: id, ...event }), {
        args: ["--home", place.home, ...FLAGS[session]],
        ...(terminateWhen === undefined ? {} : { terminateWhen }),
        env: {
          ANTHROPIC_API_KEY: KEY,
          CLAUDE_CODE_SESSION_ATTENDED: session === "headless" ? "0" : "1",
          ...env,
        },
      });
      const output = started.stdout === "" ? {} : JSON.parse(started.stdout);
      const record = logged(place.home).find((one) => one["tool_use_id"] === id) ?? {};
      return { started, output, said: output.hookSpecificOutput ?? {}, record, tookMs: performance.now() - began };
    },
  };
}
