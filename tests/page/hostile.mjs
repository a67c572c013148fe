// A mail that attacks its reader stays text, runs nothing, loads nothing, and cannot reach the page around it.
import assert from "node:assert/strict";
import { withBrowser } from "./browser.mjs";

await withBrowser(async (open, url) => {
  const page = await open();
  page.on("dialog", () => assert.fail("a script ran"));
  await page.click("#messages button");
  assert.equal(await page.textContent("#subject"), "<img src=x onerror=alert(1)>");
  assert.equal(await page.textContent("#view-text"), "<script>alert(2)</script> 123456 is your code");
  assert.equal(await page.locator("#letter img, #letter script, #messages img").count(), 0);

  await page.click("#tab-html");
  await page.frameLocator("#frame").getByText("Hello").waitFor();
  await page.waitForTimeout(300);
  assert.equal(await page.title(), "OTPost sandbox");

  await page.click("#tab-source");
  await page.locator("#source", { hasText: "<script>" }).waitFor();
  assert.equal(await page.locator("#source script").count(), 0);
  console.log("hostile: harmless");
});
