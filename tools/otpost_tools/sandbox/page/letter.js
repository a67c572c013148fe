// One open mail, in three views: text with its code marked, HTML in a sandboxed frame, and the source as it was sent.
import { instant, timeOfDay } from "./clock.js";
import { byId, make, wireCopy } from "./element.js";
import { get } from "./wire.js";

const VIEWS = ["text", "html", "source"];
// Six to ten digits that stand alone, perhaps in two groups. The mail says its code in its first hundred characters.
const CODE = /(?<![\w.+-])(?:\d{6,10}|\d{3,5}[ -]\d{3,5})(?![\w-])/;

let letter;
let view = "text";

/** Where the code stands in a text: [start, end], or undefined. */
export function codeIn(text) {
  const found = CODE.exec(text);
  return found ? [found.index, found.index + found[0].length] : undefined;
}

export function openLetter(message, to) {
  letter = message;
  byId("reader-empty").hidden = true;
  byId("letter").hidden = false;
  byId("subject").textContent = message.subject;
  byId("letter-to").textContent = to;
  byId("letter-from").textContent = headerOf(message, "from");
  byId("letter-received").textContent = `${timeOfDay(instant(message.received_at))} UTC`;
  showText(message.text ?? "");
  byId("tab-html").hidden = !message.html;
  select(view === "html" && !message.html ? "text" : view);
}

export function closeLetter() {
  letter = undefined;
  byId("letter").hidden = true;
  byId("reader-empty").hidden = false;
  byId("frame").removeAttribute("srcdoc");
}

export function wireLetter() {
  for (const name of VIEWS) byId(`tab-${name}`).addEventListener("click", () => select(name));
  byId("letter").querySelector("[role=tablist]").addEventListener("keydown", onArrow);
  wireCopy(byId("copy-code"), () => byId("ticket-code").value.replace(/[ -]/g, ""), byId("ticket-code"));
}

function onArrow(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const tabs = VIEWS.filter((name) => !byId(`tab-${name}`).hidden);
  const next = tabs[(tabs.indexOf(view) + step + tabs.length) % tabs.length];
  select(next);
  byId(`tab-${next}`).focus();
}

function select(name) {
  view = name;
  for (const other of VIEWS) {
    byId(`tab-${other}`).setAttribute("aria-selected", String(other === name));
    byId(`tab-${other}`).tabIndex = other === name ? 0 : -1;
    byId(`view-${other}`).hidden = other !== name;
  }
  if (name === "html") showHtml(letter.html);
  if (name === "source") showSource(letter.id);
}

function showText(text) {
  const place = codeIn(text);
  byId("ticket").hidden = place === undefined;
  if (place === undefined) return byId("view-text").replaceChildren(text);
  const [start, end] = place;
  byId("ticket-code").value = text.slice(start, end);
  byId("view-text").replaceChildren(text.slice(0, start), make("mark", {}, text.slice(start, end)), text.slice(end));
}

/** The frame has no scripts, no forms and an origin of its own; links open elsewhere, so the frame stays the mail. */
function showHtml(html) {
  const inert = new DOMParser().parseFromString(html, "text/html");
  for (const link of inert.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  byId("frame").srcdoc = `<!doctype html>${inert.documentElement.outerHTML}`;
}

async function showSource(id) {
  byId("source").textContent = "…";
  const { ok, text } = await get(`messages/${encodeURIComponent(id)}/source`);
  if (letter?.id === id) byId("source").textContent = ok ? text : "The source did not come.";
}

function headerOf({ headers }, wanted) {
  const pairs = Array.isArray(headers) ? headers.map((pair) => (Array.isArray(pair) ? pair : [pair.name, pair.value])) : Object.entries(headers ?? {});
  const found = pairs.find(([name]) => name.toLowerCase() === wanted);
  return found ? String(found[1]) : "–";
}
