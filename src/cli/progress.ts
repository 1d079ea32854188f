/** A bar on stderr for reading that takes more than a moment; nothing on a pipe, with --quiet, or when it is quick. */
import { createRequire } from "node:module";
import type { SingleBar } from "cli-progress";
import type { Io } from "./io.js";

const PATIENCE_MS = 1000;
const LOOK_EVERY = 4096;
const MEGABYTE = 1_000_000;

export interface Progress {
  /** Bytes read so far; cheap enough to be called for every record. */
  readonly reached: (bytes: number) => void;
  readonly stop: () => void;
}

const SILENT: Progress = { reached: () => undefined, stop: () => undefined };

export function startProgress(io: Io, quiet: boolean, totalBytes: number): Progress {
  if (quiet || !io.stderr.isTTY || totalBytes === 0) return SILENT;
  const started = io.now();
  let bar: SingleBar | undefined;
  let calls = 0;
  return {
    reached(bytes) {
      if (++calls % LOOK_EVERY !== 0) return;
      if (bar === undefined && io.now() - started < PATIENCE_MS) return;
      if (bar === undefined) {
        const { Presets, SingleBar }: typeof import("cli-progress") = createRequire(import.meta.url)(
          "#packages/cli-progress",
        );
        const format = "reading the log {bar} {percentage}% of {total} MB";
        bar = new SingleBar(
          { format, clearOnComplete: true, hideCursor: true, stream: process.stderr },
          Presets.shades_classic,
        );
        bar.start(Math.ceil(totalBytes / MEGABYTE), 0);
      }
      bar.update(Math.floor(bytes / MEGABYTE));
      // The reading is synchronous, so the bar's own timer never gets a turn.
      bar.render();
    },
    stop: () => bar?.stop(),
  };
}
