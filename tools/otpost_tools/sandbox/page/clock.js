// The sandbox's time. Every countdown on the page reads it, so that moving the clock moves them all.
import { announce, byId } from "./element.js";
import { get, post } from "./wire.js";

let skew = 0;
let offset = 0;

/** The sandbox's now, in milliseconds since 1970. */
export const now = () => Date.now() + skew;

/** What an API time says, in milliseconds: RFC 3339 text, or seconds since 1970. */
export const instant = (value) => (typeof value === "number" ? value * 1000 : Date.parse(value));

/** Asks the sandbox what time it is. False when it does not answer. */
export async function readClock() {
  const sent = Date.now();
  const { ok, body } = await get("state");
  if (!ok || body === undefined) return false;
  skew = instant(body.now) - (sent + Date.now()) / 2;
  offset = Math.round(body.offset_seconds ?? 0);
  showClock();
  return true;
}

/** 4:09, 1:02:03; never negative. */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "1 h 5 min 31 s": a length of time in words. */
export function span(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const words = [];
  let rest = Math.round(seconds);
  for (const [size, unit] of parts) {
    if (rest >= size) words.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return words.join(" ") || "0 s";
}

/** "14:03:27" in UTC, as the API speaks. */
export const timeOfDay = (milliseconds) => new Date(milliseconds).toISOString().slice(11, 19);

function showClock() {
  const time = now();
  byId("clock-time").textContent = timeOfDay(time);
  byId("clock-time").dateTime = new Date(time).toISOString();
  byId("clock-date").textContent = `${new Date(time).toISOString().slice(0, 10)} UTC`;
  byId("clock-offset").textContent = offset ? `${span(offset)} ahead` : "real time";
  byId("clock-offset").classList.toggle("shifted", offset !== 0);
}

async function advance(seconds) {
  const { ok } = await post("clock", { advance_seconds: seconds });
  if (ok) await readClock();
  announce(ok ? `The clock moved ${span(seconds)} forward.` : "The clock did not move.");
}

export function wireClock() {
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => advance(Number(button.dataset.advance)));
  }
  byId("clock-custom").addEventListener("submit", async (event) => {
    event.preventDefault();
    await advance(byId("clock-seconds").valueAsNumber);
    event.target.reset();
  });
  setInterval(showClock, 250);
}
