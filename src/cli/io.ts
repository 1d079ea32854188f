/** What the command line takes from the world, as one value, so that tests can give their own. */
import { homedir, userInfo } from "node:os";
import type { Identity } from "../analyze/report/redact-report.js";

export interface OutputStream {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly osHome: string;
  /** The home directory of the account, whatever `HOME` says; absent: `osHome`. */
  readonly accountHome?: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Who makes a report and where; absent: as the operating system tells. */
  readonly identity?: Identity;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

const DEFAULT_COLUMNS = 120;

export function processIo(): Io {
  const stdout = outputStream(process.stdout, process.env);
  let stderr: OutputStream | undefined;
  return {
    env: process.env,
    cwd: process.cwd(),
    osHome: homedir(),
    accountHome: () => userInfo().homedir,
    now: Date.now,
    // Node makes a stream when it is first asked for one, and few commands ask for these.
    get stdin() {
      return process.stdin;
    },
    stdout,
    get stderr() {
      stderr ??= outputStream(process.stderr, process.env);
      return stderr;
    },
  };
}

function outputStream(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): OutputStream {
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    columns: stream.columns || Number(env["COLUMNS"]) || DEFAULT_COLUMNS,
  };
}
