#!/usr/bin/env node
/** The command's entry. `hook` and `statusline`, which Claude Code calls all the time, do without commander. */
import { createRequire } from "node:module";
import { EXIT } from "./exit.js";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is not a failure.
  process.exitCode = error.code === "EPIPE" ? EXIT.fine : EXIT.failed;
});

if (process.argv[2] === "hook" && process.stdin.isTTY && !process.argv.includes("--help")) {
  process.stderr.write("claude-permit: `hook` reads an event from standard input, and that is a terminal\n");
  process.exitCode = EXIT.failed;
} else if (process.argv[2] === "hook" && !process.argv.includes("--help")) {
  const hook: { main(argv: readonly string[]): void } = createRequire(import.meta.url)("../hook.cjs");
  hook.main(process.argv.slice(3));
} else {
  void run();
}

async function run(): Promise<void> {
  const { processIo } = await import("./io.js");
  if (process.argv[2] === "statusline" && !process.argv.includes("--help")) {
    const { printSegment } = await import("./commands/statusline.js");
    const at = process.argv.indexOf("--home");
    process.exitCode = await printSegment(processIo(), at === -1 ? undefined : process.argv[at + 1]);
  } else {
    const { runCli } = await import("./program.js");
    process.exitCode = await runCli(process.argv.slice(2), processIo());
  }
}
