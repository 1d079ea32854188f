/** A bar on stderr for work that takes more than a moment; nothing on a pipe, with --quiet, or when it is quick. */
import { createRequire } from "node:module";
import type { SingleBar } from "cli-progress";
import type { Io } from "./io.js";

const PATIENCE_MS = 1000;
const LOOK_EVERY = 4096;
const MEGABYTE = 1_000_000;

export interface Progress {
  /** How far the work is; cheap enough to be called for every record. */
  readonly reached: (bytes: number) => void;
  readonly stop: () => void;
}

const SILENT: Progress = { reached: () => undefined, stop: () => undefined };

/** Of reading a log, in bytes. */
export function startProgress(io: Io, quiet: boolean, bytes: number): Progress {
  const format = "reading the log {bar} {percentage}% of {total} MB";
  return startBar(io, quiet, { format, total: bytes, unit: MEGABYTE, lookEvery: LOOK_EVERY });
}

/** Of judging calls, each of which takes as long as reading some hundred. */
export function startJudging(io: Io, quiet: boolean, calls: number): Progress {
  const format = "judging past calls {bar} {percentage}% of {total}";
  return startBar(io, quiet, { format, total: calls, unit: 1, lookEvery: LOOK_EVERY / 64 });
}

interface Work {
  readonly format: string;
  readonly total: number;
  /** What one step of the bar stands for. */
  readonly unit: number;
  readonly lookEvery: number;
}

function startBar(io: Io, quiet: boolean, { format, total, unit, lookEvery }: Work): Progress {
  if (quiet || !io.stderr.isTTY || total === 0) return SILENT;
  const started = io.now();
  let bar: SingleBar | undefined;
  let calls = 0;
  return {
    reached(done) {
      if (++calls % lookEvery !== 0) return;
      if (bar === undefined && io.now() - started < PATIENCE_MS) return;
      if (bar === undefined) {
        const { Presets, SingleBar }: typeof import("cli-progress") = createRequire(import.meta.url)(
          "#packages/cli-progress",
        );
        bar = new SingleBar(
          { format, clearOnComplete: true, hideCursor: true, stream: process.stderr },
          Presets.shades_classic,
        );
        bar.start(Math.ceil(total / unit), 0);
      }
      bar.update(Math.floor(done / unit));
      // The work is synchronous, so the bar's own timer never gets a turn.
      bar.render();
    },
    stop: () => bar?.stop(),
  };
}
