/** The built command line at a moment of our choosing: `node pinned-cli.mjs <milliseconds> <arguments…>`. */
import { processIo } from "../../dist/cli/io.js";
import { runCli } from "../../dist/cli/program.js";

const [now, ...args] = process.argv.slice(2);
process.exitCode = await runCli(args, { ...processIo(), now: () => Number(now) });
