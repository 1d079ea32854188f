/** The built command line while this process goes on, so that a server of the test can answer it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Ran, ROOT, type World } from "../cli/run-cli.js";

export function runLater(
  world: World,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(ROOT, "dist", "cli", "main.js"), ...args], {
    cwd: world.project,
    env: { PATH: process.env["PATH"] ?? "", HOME: world.osHome, TZ: "UTC", NO_COLOR: "1", COLUMNS: "120", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ stdout, stderr, code }));
  });
}
