// axe-core finds nothing and nothing overflows, in light and dark, wide and at 360 pixels, in every state of the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { answered, ask, axeSource, realFailures, verify, withBrowser } from "./browser.mjs";

const axe = readFileSync(axeSource, "utf8");
const LOOKS = [["light", 1280], ["dark", 1280], ["light", 360], ["dark", 360]];

await withBrowser(async (open) => {
  for (const [scheme, width] of LOOKS) {
    const page = await open({ scheme, width });
    await page.evaluate(axe); // not a script tag: the page's own policy forbids that
    const look = (state) => looked(page, `${scheme}, ${width} px, ${state}`);
    await states(page, look, `${scheme}-${width}-${Date.now().toString(36)}@example.com`);
    assert.deepEqual(realFailures(page), []);
    await page.context().close();
  }
  console.log("accessible: no violations");
});

async function states(page, look, email) {
  await look("empty");
  await page.selectOption("#purpose", "transaction");
  await page.fill("[aria-label='Value of detail 1']", "120.00 EUR");
  await page.fill("#email", "nobody");
  await page.press("#email", "Enter");
  await answered(page, "That request is malformed");
  await look("malformed");
  const code = await ask(page, email);
  await look("mail open");
  await verify(page, code.replace(/.$/, (digit) => (Number(digit) + 1) % 10));
  await answered(page, "Wrong code");
  await look("wrong code");
  await verify(page, code);
  await (await answered(page, "Accepted")).locator(".signature[data-state=good]").waitFor();
  await look("accepted");
  await page.click("#tab-html");
  await look("HTML view");
  await page.click("#tab-source");
  await page.locator("#source", { hasText: "Subject:" }).waitFor();
  await look("source view");
  await page.click("#reset");
  await look("asked before a reset");
  await page.click("#reset-dialog button[value=keep]");
  await page.click("[data-advance='300']");
  await page.waitForSelector("#clock-offset.shifted");
  await look("clock ahead");
}

async function looked(page, where) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
  assert.deepEqual(found, [], where);
  const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(needed <= given, `${where}: needs ${needed} px of ${given}`);
}
