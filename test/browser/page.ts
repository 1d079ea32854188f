/** A real Chromium, when the machine has one: Debian's, or the one that CHROMIUM names. Started once for a test file. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const FOUND = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
export const CHROMIUM = FOUND.find((path) => path !== "" && existsSync(path));

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Scripts for the page are text: this side knows no DOM. */
const REPORT_VIOLATIONS = `document.addEventListener("securitypolicyviolation", (event) =>
  console.error("violation: " + event.violatedDirective + " " + event.blockedURI))`;

/** What a page did that a report must not do. */
export interface Watched {
  readonly page: Page;
  /** Console errors, uncaught errors, violations of the page's policy, dialogs. */
  readonly faults: string[];
  /** Addresses that something was sent to, but for the page itself. */
  readonly requests: string[];
}

export interface Browser {
  open(html: string, options?: { readonly width?: number; readonly hash?: string }): Promise<Watched>;
  close(): Promise<void>;
}

export async function startBrowser(options: BrowserContextOptions = {}): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "claude-permit-browser-"));
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: CHROMIUM ?? "",
    args: FLAGS,
    ...options,
  });
  let pages = 0;
  return {
    async open(html, { width = 1280, hash = "" } = {}) {
      pages += 1;
      const file = join(folder, `report-${pages}.html`);
      writeFileSync(file, html);
      const page = await context.newPage();
      const watched: Watched = { page, faults: [], requests: [] };
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") watched.faults.push(message.text());
      });
      page.on("pageerror", (error) => watched.faults.push(error.message));
      page.on("dialog", (dialog) => {
        watched.faults.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      const asked = (url: string) => !url.startsWith("file://") && watched.requests.push(url);
      page.on("requestfinished", (request) => asked(request.url()));
      // What the page's policy refuses is named as asked for, but never leaves; it is a fault all the same.
      page.on("requestfailed", (request) => request.failure()?.errorText !== "csp" && asked(request.url()));
      await page.addInitScript(REPORT_VIOLATIONS);
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${pathToFileURL(file).href}${hash}`);
      return watched;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
