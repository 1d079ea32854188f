// Draws the README's picture: the first screen of the sample week's report, by a Chromium on the PATH. Needs a build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "claude-permit-picture-"));
const page = join(folder, "report.html");
const picture = join(root, "docs", "report.png");

try {
  run(process.execPath, [
    "dist/cli/main.js",
    "analyze",
    "--audit",
    "fixtures/sample/audit.jsonl",
    "--tz",
    "UTC",
    "--format",
    "html",
    "-o",
    page,
  ]);
  run(process.env.CHROMIUM ?? "chromium", [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    `--user-data-dir=${join(folder, "profile")}`,
    "--window-size=1200,1180",
    `--screenshot=${picture}`,
    `file://${page}`,
  ]);
  console.log(picture);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}
