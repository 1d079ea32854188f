// Draws the README's picture: the first screen of reports/example, in a Chromium on the PATH or named by CHROMIUM.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const profile = mkdtempSync(join(tmpdir(), "claude-permit-picture-"));
const picture = join(root, "docs", "report.png");

try {
  const { status, error, stderr } = spawnSync(
    process.env.CHROMIUM ?? "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
      `--user-data-dir=${profile}`,
      "--window-size=1280,1090",
      `--screenshot=${picture}`,
      pathToFileURL(join(root, "reports", "example", "report.html")).href,
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`Chromium failed: ${error?.message ?? stderr}`);
  console.log(picture);
} finally {
  rmSync(profile, { recursive: true, force: true });
}
