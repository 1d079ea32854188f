/** The shape of one command: what help shows of it, and the module that runs it, loaded only then. */
import type { ExitCode } from "./exit.js";
import type { Flags } from "./flags.js";
import type { Io } from "./io.js";

export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given again; values are collected. */
  readonly many?: boolean;
}

export interface Invocation {
  readonly io: Io;
  readonly flags: Flags;
  readonly args: readonly string[];
  /** The machine form of the same answer was asked for. */
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
}

export interface CommandModule {
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** commander's argument list: `<call>`, `[id]`, `[paths...]`. */
  readonly args?: string;
  readonly summary: string;
  /** Takes --since, --until, --tool and the other filters of a data command. */
  readonly data?: boolean;
  /** Of a data command: it reads this machine's log and rules together, so no `--source`. */
  readonly isLocal?: boolean;
  readonly options?: readonly OptionSpec[];
  readonly examples?: readonly string[];
  readonly children?: readonly CommandSpec[];
  readonly load?: () => Promise<CommandModule>;
}
