/**
 * A terminal taken over for a while: alternate screen, no cursor, keys one by one. INVARIANT: whoever opens it closes it;
 * closing gives back everything, whatever was drawn.
 */
import type { ReadStream, WriteStream } from "node:tty";

export interface TerminalEvents {
  readonly onQuit: () => void;
  readonly onResize: () => void;
}

export interface Terminal {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Lines no wider than the screen, as one write. */
  readonly draw: (lines: readonly string[]) => void;
  readonly close: () => void;
}

type Input = Pick<ReadStream, "isTTY" | "on" | "off" | "pause" | "resume"> & {
  readonly setRawMode?: (isRaw: boolean) => unknown;
};
type Output = Pick<WriteStream, "columns" | "rows" | "write" | "on" | "off">;

/** Without automatic line breaks: a line too wide is cut by the terminal. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const REST_OF_LINE = "\u001b[K";
const REST_OF_SCREEN = "\u001b[J";
const QUIT: ReadonlySet<string> = new Set(["q", "Q", "\u0003", "\u0004", "\u001b"]);

export function openTerminal(input: Input, output: Output, { onQuit, onResize }: TerminalEvents): Terminal {
  const takesKeys = input.isTTY === true;
  const onKeys = (bytes: Buffer) => {
    const keys = bytes.toString("utf8");
    if (QUIT.has(keys) || /^[qQ]/.test(keys)) onQuit();
  };
  if (takesKeys) {
    input.setRawMode?.(true);
    input.on("data", onKeys);
    input.resume();
  }
  output.on("resize", onResize);
  output.write(ENTER);
  return {
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    draw: (lines) => void output.write(`${HOME}${lines.join(`${REST_OF_LINE}\r\n`)}${REST_OF_LINE}${REST_OF_SCREEN}`),
    close() {
      output.off("resize", onResize);
      output.write(LEAVE);
      if (!takesKeys) return;
      input.off("data", onKeys);
      input.setRawMode?.(false);
      input.pause();
    },
  };
}
