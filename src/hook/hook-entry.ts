#!/usr/bin/env node
/**
 * The program Claude Code starts at every event: loads the rest of the hook and hands over. Built into one small
 * CommonJS file, and all of it is compiled anew in every process: whatever can wait is in `start.ts`.
 * INVARIANT: the exit code is 2 until a whole answer is out, and never 1.
 */
import { writeSync } from "node:fs";
import { resolve } from "node:path";
import { bundleLoader } from "./load-bundle.js";
import type { Ended } from "./start.js";

/** `argv`: the words after `hook`. Sets the exit code and throws nothing. */
export function main(argv: readonly string[]): void {
  process.exitCode = 2;
  const end = ({ exitCode, after }: Ended): void => {
    process.exitCode = exitCode;
    after?.();
  };
  try {
    // As the hook is registered; spelled otherwise it costs a process its code cache.
    const home = argv[argv.indexOf("--home") + 1];
    const loader = bundleLoader(__dirname, home && argv.includes("--home") ? resolve(home, "cache") : null, require);
    const ended = loader.load("hook-run.cjs").start(argv, __dirname, loader);
    if (ended instanceof Promise) ended.then(end).catch(complain);
    else end(ended);
  } catch (error) {
    complain(error);
  }
}

function complain(error: unknown): void {
  try {
    const message = error instanceof Error ? error.message : String(error);
    writeSync(2, `claude-permit: internal error, so the call is not allowed: ${message.slice(0, 300)}\n`);
  } catch {
    // Nobody reads standard error; the exit code still says no.
  }
}

if (require.main === module) main(process.argv.slice(2));
