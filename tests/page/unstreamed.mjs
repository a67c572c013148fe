// Without the event stream the page asks by itself; without any answer it says so.
import assert from "node:assert/strict";
import { withBrowser } from "./browser.mjs";

await withBrowser(async (open, url) => {
  const page = await open();
  await page.waitForSelector("#live[data-state=live]");
  await page.context().route("**/_sandbox/stream", (route) => route.abort());
  await page.reload();
  await page.waitForSelector("#live[data-state=polling]");
  await fetch(`${url}/v1/challenges`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: "late@example.com", purpose: "sign_in" }),
  });
  await page.locator("#messages .to", { hasText: "late@example.com" }).waitFor();

  await page.context().route("**/*", (route) => route.abort());
  await page.waitForSelector("#live[data-state=gone]");
  await page.fill("#email", "ada@example.com");
  await page.press("#email", "Enter");
  await page.locator("#answer h3", { hasText: "No answer" }).waitFor();
  assert.ok(await page.isVisible("#ask"));
  console.log("unstreamed: still fresh");
});
