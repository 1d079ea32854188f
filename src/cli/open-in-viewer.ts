/** Shows a written report in the program the desktop opens such files with; a machine without one is not an error. */
import { spawn } from "node:child_process";
import type { Io } from "./io.js";

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

export function openInViewer(io: Io, file: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, file], { detached: true, stdio: "ignore" });
  child.on("error", () => io.stderr.write(`claude-permit: nothing to open ${file} with\n`));
  child.unref();
}
