// One code from asking to its last refusal, as a person goes through it.
import assert from "node:assert/strict";
import { answered, ask, realFailures, verify, withBrowser } from "./browser.mjs";

await withBrowser(async (open, url) => {
  const page = await open();
  const run = Date.now().toString(36);

  // Ask by keyboard alone; the code field takes the focus.
  await ask(page, `ada-${run}@example.com`);
  assert.equal(await page.getAttribute("#code", "autocomplete"), "one-time-code");
  assert.equal(await page.getAttribute("#code", "inputmode"), "numeric");

  // The subject carries the reference; the code is copied and pasted.
  const reference = await page.textContent("#reference");
  assert.ok((await page.textContent("#subject")).includes(reference));
  await page.click("#copy-code");
  const code = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(code, /^[0-9]{6,10}$/);
  assert.equal(await page.textContent("#view-text mark"), code);

  // A wrong code costs an attempt, a malformed one does not.
  const before = Number(await page.textContent("#attempts"));
  await verify(page, code.replace(/.$/, (digit) => (Number(digit) + 1) % 10));
  await answered(page, "Wrong code", '"code": "wrong_code"');
  assert.equal(Number(await page.textContent("#attempts")), before - 1);
  await verify(page, code.slice(1));
  await answered(page, "That request is malformed", "#/code");
  assert.equal(await page.getAttribute("#code", "aria-invalid"), "true");
  assert.equal(Number(await page.textContent("#attempts")), before - 1);

  // The right code: a receipt whose signature the browser has checked.
  await page.fill("#code", "");
  await page.focus("#code");
  await page.keyboard.press("Control+V");
  await page.keyboard.press("Enter");
  const receipt = await answered(page, "Accepted", `ada-${run}@example.com`);
  await receipt.locator(".signature[data-state=good]").waitFor();
  const claims = await receipt.locator(".claims").allTextContents();
  assert.match(claims[0], /ES256.*receipt\+jwt|receipt\+jwt.*ES256/s);
  assert.match(claims[1], /sign_in/);
  assert.equal(await receipt.locator("a[href='/.well-known/jwks.json']").count(), 1);

  // Once and never again.
  await page.focus("#code");
  await page.keyboard.press("Enter");
  await answered(page, "Already used", '"code": "challenge_consumed"');

  // Another challenge: sent again when the clock allows, the same code; then it expires, by the sandbox's clock.
  await page.click("#start-another");
  const second = await ask(page, `brian-${run}@example.com`);
  assert.ok(await page.isDisabled("#resend"));
  await page.click("[data-advance='31']");
  await page.waitForFunction(() => !document.getElementById("resend").disabled);
  await page.click("#resend");
  await answered(page, "Sent again");
  await page.waitForFunction((to) => document.querySelectorAll("#messages button").length >= 2
    && [...document.querySelectorAll("#messages .to")].filter((entry) => entry.textContent === to).length === 2, `brian-${run}@example.com`);
  await page.click("#messages li:first-child button");
  assert.equal(await page.textContent("#ticket-code"), second);
  await page.fill("#clock-seconds", "600");
  await page.press("#clock-seconds", "Enter");
  await page.waitForFunction(() => ["over", "–"].includes(document.getElementById("expires").textContent));
  await verify(page, second);
  await answered(page, "Expired", '"code": "challenge_expired"');

  // A third is called off.
  await page.click("#start-another");
  const third = await ask(page, `carol-${run}@example.com`);
  await page.click("#cancel");
  await answered(page, "Cancelled");
  await verify(page, third);
  await answered(page, "Cancelled", '"code": "challenge_cancelled"');

  // The list is filtered by recipient; the views change by arrow keys.
  await page.fill("#filter", "ADA-");
  assert.deepEqual([...new Set(await page.locator("#messages .to").allTextContents())], [`ada-${run}@example.com`]);
  await page.click("#messages li:first-child button");
  await page.focus("#tab-text");
  await page.keyboard.press("ArrowRight");
  await page.frameLocator("#frame").getByText(code).first().waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator("#source", { hasText: "Subject:" }).waitFor();

  // Reset empties everything and sets the clock right.
  await page.click("#reset");
  await page.click("#reset-dialog button[value=reset]");
  await page.locator("#no-messages", { hasText: "No mail yet." }).waitFor();
  assert.equal(await page.textContent("#clock-offset"), "real time");

  assert.deepEqual(realFailures(page), []);
  assert.deepEqual(page.requested.filter((address) => !address.startsWith(`${url}/`) && !address.startsWith("about:")), []);
  console.log("story: as promised");
});
