#!/usr/bin/env node
/**
 * The program Claude Code starts at every event: finds its home, loads the rest of the hook and hands over. Built into
 * one small CommonJS file. INVARIANT: the exit code is 2 until a whole answer is out, and never 1.
 */
import { writeSync } from "node:fs";
import type { Policy } from "../core/policy/policy.js";
import { homeOfUser, locations } from "../store/locations.js";
import type { Answered, Launch } from "./answer-event.js";
import { bundleLoader, type Loader } from "./load-bundle.js";

/** `argv`: the words after `hook`. Sets the exit code and throws nothing. */
export function main(argv: readonly string[]): void {
  process.exitCode = 2;
  try {
    const homeFlag = flagValue(argv, "--home");
    // A registered hook's `--home` tells the user's home; `node:os` is loaded only where it does not.
    const os = (): typeof import("node:os") => process.getBuiltinModule("node:os");
    const userHome = homeOfUser(
      homeFlag,
      () => os().homedir(),
      () => os().userInfo().homedir,
    );
    const configFlag = flagValue(argv, "--config");
    const { env } = process;
    const places = locations({ homeFlag, configFlag, env, cwd: process.cwd(), osHome: userHome, hook: true });
    const loader = bundleLoader(__dirname, places.cache, require);
    const run = loader.load("hook-run.cjs");
    const unattendedFlag = argv.includes("--unattended");
    const isPinned = homeFlag !== undefined && homeFlag !== "";
    const launch = { places, userHome, unattendedFlag, isPinned, programFolder: __dirname, load: loader.load };
    const finish = ({ exitCode, policy }: Answered): void => {
      process.exitCode = exitCode;
      if (policy !== null && loader.cold.length > 0) rehearse(launch, policy, loader);
    };
    const answered = run.answerEvent(launch);
    if (answered instanceof Promise) answered.then(finish).catch(complain);
    else finish(answered);
  } catch (error) {
    complain(error);
  }
}

/** The answer is out: whatever goes wrong from here on costs the next process some milliseconds and nothing else. */
function rehearse(launch: Launch, policy: Policy, { load, cold }: Loader): void {
  try {
    const { keepCode, rehearse } = load("hook-more.cjs");
    keepCode(launch.places.cache, cold, () => rehearse(load("hook-run.cjs"), launch, policy));
  } catch {
    // Without a cache the bundles are compiled each time.
  }
}

function flagValue(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at === -1) return undefined;
  return argv[at] === name ? argv[at + 1] : argv[at]?.slice(name.length + 1);
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
