// Opens the inbox page in a real browser; the checks beside this file say what must hold there.
import { createRequire } from "node:module";

const require = createRequire(new URL("../node/", import.meta.url));
const { chromium } = require("playwright-core");
export const axeSource = require.resolve("axe-core/axe.min.js");

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** Runs `check(open)` with a browser; `open({scheme, width, height})` gives a page that has loaded. */
export async function withBrowser(check) {
  const [url, executablePath] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  try {
    await check((options) => opened(browser, url, options), url);
  } finally {
    await browser.close();
  }
}

async function opened(browser, url, { scheme = "light", width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({
    colorScheme: scheme, viewport: { width, height }, permissions: ["clipboard-read", "clipboard-write"], reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.failures = [];
  page.requested = [];
  page.on("pageerror", (error) => page.failures.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.failures.push(message.text()));
  page.on("request", (request) => page.requested.push(request.url()));
  await page.goto(`${url}/_sandbox/`);
  await page.waitForSelector("#live[data-state]");
  return page;
}

/** Asks for a code and waits until its mail is open. */
export async function ask(page, email) {
  await page.fill("#email", email);
  await page.press("#email", "Enter");
  await page.waitForSelector("#enter:not([hidden])");
  await page.click(`#messages button:has-text("${email}")`);
  await page.waitForSelector("#ticket:not([hidden])");
  return page.inputValue("#ticket-code").catch(() => page.textContent("#ticket-code"));
}

export async function verify(page, code) {
  await page.fill("#code", code);
  await page.press("#code", "Enter");
}

/** Waits until the answer says so; the page's words are in its heading, the stack's in the exact answer. */
export async function answered(page, heading, exact = "") {
  const place = page.locator("#answer", { has: page.locator("h3", { hasText: heading }) });
  await place.filter({ hasText: exact }).waitFor();
  return place;
}

/** Refusals are part of the stories; the browser logs each as a failed load. Anything else is a failure. */
export const realFailures = (page) => page.failures.filter((text) => !text.startsWith("Failed to load resource"));
