// The HTML report in a browser: what a person gets, with a mouse, a keyboard, a phone, in light and in dark.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import test, { after, before, describe } from "node:test";
import { chromium } from "playwright-core";
import { writeReports } from "./support/reports.js";

const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = candidates.find((candidate) => candidate && fs.existsSync(candidate));
// In CI a missing browser is a failure: nothing would be tested.
const skip = !executablePath && !process.env.CI && "Chromium is not installed (apt-get install chromium, or set CHROMIUM)";

describe("the HTML report", { skip, timeout: 600_000 }, () => {
  let browser;
  let context;
  let pages;
  before(async () => {
    assert.ok(executablePath, "Chromium is not installed: apt-get install chromium, or set CHROMIUM");
    pages = (await writeReports()).filter((file) => file.endsWith(".html"));
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    context = await browser.newContext();
  });
  after(() => browser?.close());

  /** What the page said or asked for that it should not have, since it was opened. */
  async function open(file) {
    const address = pathToFileURL(file).href;
    const page = await context.newPage();
    const wrong = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("dialog", (dialog) => (wrong.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== address && !url.startsWith("data:")) wrong.push(`request: ${url}`);
    });
    await page.goto(address);
    return { page, wrong };
  }

  test("reads well in light and in dark, wide and on a phone, and asks nobody for anything", async () => {
    for (const file of pages) {
      const name = path.basename(file, ".html");
      const { page, wrong } = await open(file);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const width of [1200, 375]) {
          await page.setViewportSize({ width, height: 800 });
          if (process.env.SCREENSHOTS) {
            await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}-${colorScheme}-${width}.png`), fullPage: true });
          }
          await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${name} scrolls sideways: ${wide} pixels wide in ${width}`);
          const small = await page.evaluate(tooSmall);
          assert.deepEqual(small, [], `${name}: too small to touch or to read at ${width}`);
          if (width === 1200) {
            const faint = await page.evaluate(tooFaint);
            assert.deepEqual(faint, [], `${name}: letters that are hard to read in ${colorScheme}`);
          }
          if (process.env.SCREENSHOTS) await page.reload();
        }
      }
      assert.deepEqual(wrong, [], name);
      await page.close();
    }
  });

  test("the keyboard reaches everything and opens it", async () => {
    for (const file of pages) {
      const name = path.basename(file);
      const { page, wrong } = await open(file);
      await page.setViewportSize({ width: 1200, height: 800 });
      const wanted = await page.evaluate(() => {
        document.querySelectorAll("details").forEach((details) => (details.open = true));
        const all = [...document.querySelectorAll("summary, a[href], button, pre[tabindex]")];
        window.reached = new Set();
        window.hidden = [];
        document.addEventListener("focusin", ({ target }) => {
          window.reached.add(target);
          const style = getComputedStyle(target);
          if (style.outlineStyle === "none") window.hidden.push(target.outerHTML.slice(0, 80));
        });
        return all.length;
      });
      for (let press = 0; press < wanted + 2; press += 1) await page.keyboard.press("Tab");
      const [reached, hidden] = await page.evaluate(() => [
        [...document.querySelectorAll("summary, a[href], button, pre[tabindex]")].filter((one) => window.reached.has(one)).length,
        window.hidden,
      ]);
      assert.equal(reached, wanted, `${name}: what can be pressed and is not reached`);
      assert.deepEqual(hidden, [], `${name}: where the focus does not show`);
      const summary = page.locator("summary").first();
      if (await summary.count()) {
        const isOpen = () => summary.evaluate((element) => element.parentElement.open);
        const before = await isOpen();
        await summary.focus();
        await page.keyboard.press("Enter");
        assert.equal(await isOpen(), !before, name);
      }
      assert.deepEqual(wrong, [], name);
      await page.close();
    }
  });

  test("says what it is to a screen reader", async () => {
    for (const file of pages) {
      const { page } = await open(file);
      const name = path.basename(file);
      assert.ok(await page.evaluate(() => document.documentElement.lang), name);
      assert.ok(await page.title(), name);
      assert.equal(await page.locator("h1").count(), 1, name);
      const unnamed = await page.evaluate(() =>
        [...document.querySelectorAll("svg")]
          .filter((svg) => svg.getAttribute("aria-hidden") !== "true")
          .filter((svg) => !svg.getAttribute("aria-label") && !svg.querySelector("title") && !svg.getAttribute("aria-labelledby"))
          .map((svg) => svg.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(unnamed, [], name);
      const jumps = await page.evaluate(() => {
        const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1]));
        return levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
      });
      assert.deepEqual(jumps, [], `${name}: headings that leave out a level`);
      await page.close();
    }
  });
});

/** What is smaller than a letter or a fingertip; runs in the page. */
function tooSmall() {
  const small = new Set();
  for (const element of document.body.querySelectorAll("p, li, dd, dt, pre, span, summary")) {
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < 11 && !element.closest("svg")) small.add(`${element.tagName}.${element.className}: ${size}px letters`);
    if (element.tagName === "SUMMARY" && element.checkVisibility() && element.getBoundingClientRect().height < 24) {
      small.add(`summary: ${element.getBoundingClientRect().height}px high`);
    }
  }
  return [...small];
}

/** Texts with less than 4.5 to 1 of contrast to what stands behind them; runs in the page. */
function tooFaint() {
  const parse = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([red, green, blue]) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest("svg") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(parse(style.color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) faint.add(`${element.tagName}.${element.className}: ${ratio.toFixed(1)}`);
  }
  return [...faint];
}
