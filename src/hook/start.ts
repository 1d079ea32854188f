/** From the words on the command line to an answered event: where things are, the answer, then what may wait. */
import { homeOfUser, locations } from "../store/locations.js";
import { type Answered, answerEvent, type Launch } from "./answer-event.js";
import type { Loader } from "./load-bundle.js";

export interface Ended {
  readonly exitCode: 0 | 2;
  /** What the next process profits from; throws nothing. */
  readonly after: (() => void) | null;
}

/** Throws, or rejects, when the event cannot be read or the answer not be written. */
export function start(argv: readonly string[], programFolder: string, loader: Loader): Ended | Promise<Ended> {
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
  const unattendedFlag = argv.includes("--unattended");
  const isPinned = homeFlag !== undefined && homeFlag !== "";
  const launch = { places, userHome, unattendedFlag, isPinned, programFolder, load: loader.load };
  const end = ({ exitCode, project }: Answered): Ended => {
    // Where the policy had to be compiled, the next process is soon enough: a rehearsal reads what was compiled.
    const isDue = loader.cold.length > 0 && project !== "" && !loader.isLoaded("hook-compile.cjs");
    return { exitCode, after: isDue ? () => rehearse(launch, project, loader) : null };
  };
  const answered = answerEvent(launch);
  return answered instanceof Promise ? answered.then(end) : end(answered);
}

/** The answer is out: whatever goes wrong from here on costs the next process some milliseconds and nothing else. */
function rehearse(launch: Launch, project: string, { load, cold }: Loader): void {
  try {
    const { keepCode, rehearse } = load("hook-more.cjs");
    keepCode(launch.places.cache, cold, () => rehearse(load("hook-run.cjs"), launch, project));
  } catch {
    // Without a cache the bundles are compiled each time.
  }
}

function flagValue(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at === -1) return undefined;
  return argv[at] === name ? argv[at + 1] : argv[at]?.slice(name.length + 1);
}
