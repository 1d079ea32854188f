/** The HTML report in a real browser: it renders from a file, asks nothing of the network, and every control works. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderMailHtml } from "../../src/analyze/report/render/mail.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { chartReport } from "../report/every-chart.js";
import { HOSTILE, reportOf } from "../report/hostile-log.js";
import { type Browser, CHROMIUM, startBrowser, type Watched } from "./page.js";

const example = readFileSync(fileURLToPath(new URL("../../reports/example/report.html", import.meta.url)), "utf8");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const templates = readTemplates();

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly target: unknown }[] }[];
  readonly passes: readonly unknown[];
}

if (CHROMIUM === undefined) console.log("SKIP: no Chromium here, the browser tests do not run");

describe.skipIf(CHROMIUM === undefined)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const quiet = ({ faults, requests }: Watched) => expect({ faults, requests }).toEqual({ faults: [], requests: [] });
  const rowsOf = ({ page }: Watched, table: string) =>
    page.locator(`table[data-table="${table}"] > tbody:visible > tr:first-child > td:first-child`).allInnerTexts();

  it("renders from a file without an error or a request", async () => {
    const watched = await browser.open(example);
    await expect(watched.page.title()).resolves.toMatch(/^claude-permit report, 2026-01-26/);
    expect(await watched.page.locator("section").count()).toBeGreaterThan(15);
    expect(await watched.page.locator(".tile:visible").count()).toBe(8);
    quiet(watched);
    await watched.page.close();
  });

  it("shows scorecard, trend and what is worth doing on the first screen", async () => {
    const { page } = await browser.open(example);
    await page.setViewportSize({ width: 1280, height: 1100 });
    for (const part of [".tiles", '[data-chart="scorecard.days"]', ".cards"]) {
      const box = await page.locator(part).first().boundingBox();
      expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThanOrEqual(1100);
    }
    await page.close();
  });

  it("is complete without JavaScript", async () => {
    const plain = await startBrowser({ javaScriptEnabled: false });
    const { page } = await plain.open(example);
    const rows = example.match(/<tbody>\n<tr>\n/g)?.length ?? 0;
    expect(await page.locator("table.data > tbody:visible").count()).toBe(rows);
    expect(rows).toBeGreaterThan(200);
    expect(await page.locator("button").count()).toBe(0);
    await plain.close();
  });

  it("sorts by a column, both ways, and keeps what is known first", async () => {
    const watched = await browser.open(example);
    const head = watched.page.locator('table[data-table="tools.tools"] th', { hasText: "calls" });
    const calls = async () =>
      (
        await watched.page.locator('table[data-table="tools.tools"] > tbody:visible td:nth-child(2)').allInnerTexts()
      ).map((text) => Number(text.replaceAll(",", "")));
    await head.getByRole("button").click();
    const down = await calls();
    expect(down).toEqual(down.toSorted((a, b) => b - a));
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    await head.getByRole("button").press("Enter");
    const up = await calls();
    expect(up).toEqual(up.toSorted((a, b) => a - b));
    expect(up).not.toEqual(down);
    quiet(watched);
    await watched.page.close();
  });

  it("shows ten rows, all when asked, and those that match when filtered", async () => {
    const watched = await browser.open(example);
    const block = watched.page.locator(".block", { has: watched.page.locator('table[data-table="tools.tools"]') });
    expect(await rowsOf(watched, "tools.tools")).toHaveLength(10);
    await block.getByRole("button", { name: /^Show all/ }).click();
    const all = await rowsOf(watched, "tools.tools");
    expect(all.length).toBeGreaterThan(12);
    await block.getByRole("searchbox").fill("task");
    const some = await rowsOf(watched, "tools.tools");
    expect(some).toEqual(all.filter((name) => /task/i.test(name)));
    expect(some.length).toBeGreaterThan(0);
    await watched.page.close();
  });

  it("searches every table from the keyboard and says how much it found", async () => {
    const watched = await browser.open(example);
    const { page } = watched;
    await page.keyboard.press("/");
    await page.keyboard.type("no-recursive-delete");
    expect(await page.locator(".found").textContent()).toMatch(/^\d+ rows? found$/);
    expect(await page.locator("#denials").isVisible()).toBe(true);
    expect(await page.locator("#tools").isVisible()).toBe(false);
    await page.keyboard.press("Escape");
    expect(await page.locator("#tools").isVisible()).toBe(true);
    quiet(watched);
    await page.close();
  });

  it("folds, jumps to a folded section and opens it", async () => {
    const { page } = await browser.open(example);
    await page.getByRole("button", { name: "Fold all" }).click();
    expect(await page.locator("details.fold[open]").count()).toBe(0);
    await page.getByRole("navigation").getByRole("link", { name: "Quality" }).click();
    await page.locator("#quality details.fold[open]").waitFor();
    expect(await page.locator("details.fold[open]").count()).toBe(1);
    await page.close();
  });

  it("copies the line to type", async () => {
    const { page } = await browser.open(example);
    await page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }");
    const card = page.locator(".card").first();
    await card.getByRole("button", { name: /^Copy/ }).click();
    const copied = () => page.evaluate("window.copied");
    expect(await copied()).toBe(await card.locator("code.copy").textContent());
    const flags = page.locator("code.list").first();
    await flags.locator("xpath=following-sibling::button").click();
    expect(await copied()).toBe(`claude-permit list ${await flags.textContent()}`);
    await page.close();
  });

  it("is walked with the keyboard alone, and nothing is remembered", async () => {
    const { page } = await browser.open(example);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the overview");
    const order: string[] = [];
    for (let index = 0; index < 6; index++) {
      await page.keyboard.press("Tab");
      order.push(await page.evaluate<string>("document.activeElement.tagName"));
    }
    expect(order.slice(0, 3)).toEqual(["INPUT", "BUTTON", "A"]);
    expect(await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")).toEqual([0, 0, ""]);
    await page.close();
  });

  it.each([320, 768, 1280, 2200])("needs no sideways scrolling %d pixels wide", async (width) => {
    for (const html of [example, renderHtml(chartReport("a".repeat(200)), templates)]) {
      const { page } = await browser.open(html, { width });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await page.close();
    }
  });

  it.each([
    ["the example", "light", () => example],
    ["every chart", "light", () => renderHtml(chartReport(), templates)],
    ["every chart", "dark", () => renderHtml(chartReport(), templates)],
  ] as const)(
    "passes the accessibility check: %s, %s",
    async (_, colorScheme, html) => {
      const { page } = await browser.open(html());
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate<AxeResult>("axe.run()");
      expect(violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(({ target }) => target)])).toEqual([]);
      expect(passes.length).toBeGreaterThan(20);
      await page.close();
    },
    120_000,
  );

  it("differs between light and dark, and prints as a document with every row", async () => {
    const { page } = await browser.open(example);
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await paper();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper()).not.toBe(light);
    await page.emulateMedia({ colorScheme: "light", media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator("th", { hasText: "decision" }).first().locator("button").isVisible()).toBe(true);
    expect(await page.locator(".copier").first().isVisible()).toBe(false);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString("latin1")).toBe("%PDF-");
    expect(pdf.length).toBeGreaterThan(50_000);
    await page.close();
  });

  it("stays inert whatever the log holds", async () => {
    const usual = await browser.open(renderHtml(reportOf("plain words"), templates));
    const height = await usual.page.evaluate('document.querySelectorAll("*").length');
    await usual.page.close();
    for (const text of HOSTILE) {
      const report = reportOf(text);
      const watched = await browser.open(renderHtml(report, templates), { width: 320 });
      quiet(watched);
      expect(await watched.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      expect(await watched.page.evaluate('document.querySelectorAll("*").length')).toBe(height);
      await watched.page.close();
    }
  });

  it("shows the mail, too, without a request or sideways scrolling", async () => {
    const watched = await browser.open(renderMailHtml(chartReport(), templates), { width: 760 });
    expect(await watched.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(760);
    expect(await watched.page.locator("h1").textContent()).toBe("What Claude Code was allowed to do");
    quiet(watched);
    await watched.page.close();
  });

  it("refuses what is not its own, even if it were let in", async () => {
    const broken = example.replace(
      "</main>",
      '<img src="https://example.invalid/x.png" onerror="alert(1)"><script>alert(2)</script></main>',
    );
    const watched = await browser.open(broken);
    await expect.poll(() => watched.faults.length).toBeGreaterThanOrEqual(3);
    expect(watched.requests).toEqual([]);
    expect(watched.faults.filter((fault) => fault.startsWith("dialog"))).toEqual([]);
    await watched.page.close();
  });
});
