// The inbox: the list of caught mails, and the one that is open.
import { instant, now, span } from "./clock.js";
import { announce, byId, make } from "./element.js";
import { get } from "./wire.js";
import { closeLetter, openLetter } from "./letter.js";

let messages = [];
let openId;

/** Fetches the list again; says how many are new. False when the sandbox does not answer. */
export async function refreshMail() {
  const { ok, body } = await get("messages");
  if (!ok || !Array.isArray(body)) return false;
  const known = new Set(messages.map((message) => message.id));
  const fresh = body.filter((message) => !known.has(message.id));
  messages = body;
  if (fresh.length) announce(`New mail to ${toText(fresh[0])}: ${fresh[0].subject}`);
  if (openId !== undefined && !body.some((message) => message.id === openId)) close();
  if (openId === undefined && fresh.length) open(fresh[0]);
  showList();
  return true;
}

export function wireMail() {
  byId("filter").addEventListener("input", showList);
  setInterval(showAges, 1000);
}

export const toText = (message) => (Array.isArray(message.to) ? message.to.join(", ") : message.to);

function close() {
  openId = undefined;
  closeLetter();
}

function open(message) {
  openId = message.id;
  openLetter(message, toText(message));
  for (const button of byId("messages").querySelectorAll("button")) mark(button);
}

function mark(button) {
  if (button.dataset.id === String(openId)) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

function showList() {
  const wanted = byId("filter").value.trim().toLowerCase();
  const shown = messages.filter((message) => toText(message).toLowerCase().includes(wanted));
  const focused = document.activeElement?.dataset?.id;
  byId("messages").replaceChildren(...shown.map(entry));
  byId("messages").querySelector(`[data-id="${CSS.escape(focused ?? "")}"]`)?.focus();
  byId("count").textContent = messages.length ? String(messages.length) : "";
  byId("no-messages").hidden = shown.length > 0;
  byId("no-messages").textContent = messages.length ? "No mail to such a recipient." : "No mail yet.";
  showAges();
}

function entry(message) {
  const button = make("button", { type: "button", "data-id": String(message.id), "data-at": String(instant(message.received_at)) },
    make("span", { class: "to" }, toText(message)), make("span", { class: "age" }), make("span", { class: "subject" }, message.subject));
  button.addEventListener("click", () => {
    open(message);
    byId("subject").focus({ preventScroll: !matchMedia("(max-width: 60rem)").matches });
  });
  mark(button);
  return make("li", {}, button);
}

function showAges() {
  for (const button of byId("messages").querySelectorAll("button")) {
    const seconds = (now() - Number(button.dataset.at)) / 1000;
    button.querySelector(".age").textContent = seconds < 10 ? "now" : span(seconds).split(" ").slice(0, 2).join(" ");
  }
}
