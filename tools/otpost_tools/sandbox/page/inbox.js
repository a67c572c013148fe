// The page's way in: wires the parts together and keeps them fresh, by the sandbox's event stream or else by asking.
import { forget, refreshChallenge, wireChallenge } from "./challenge.js";
import { readClock, wireClock } from "./clock.js";
import { announce, byId } from "./element.js";
import { wireLetter } from "./letter.js";
import { refreshMail, wireMail } from "./mail.js";
import { showNotice, showRefusal } from "./answer.js";
import { post } from "./wire.js";

const POLL = 3000; // while the stream is down
const STATUS = 5000; // delivery changes without an event

let streaming = false;

async function refresh() {
  const [clock, mail] = await Promise.all([readClock(), refreshMail()]);
  showLive(clock && mail);
  await refreshChallenge();
}

function showLive(reached) {
  const state = !reached ? "gone" : streaming ? "live" : "polling";
  const line = byId("live");
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  line.textContent = { live: "live", polling: "every 3 s", gone: "no answer" }[state];
}

function listen() {
  const stream = new EventSource("stream");
  stream.addEventListener("open", () => { streaming = true; refresh(); });
  stream.addEventListener("error", () => { streaming = false; refresh(); });
  stream.addEventListener("message", () => refreshMail().then(refreshChallenge));
  stream.addEventListener("clock", () => readClock().then(refreshChallenge));
  stream.addEventListener("reset", () => { forget(); refresh(); });
}

function wireReset() {
  const dialog = byId("reset-dialog");
  byId("reset").addEventListener("click", () => { dialog.returnValue = ""; dialog.showModal(); });
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "reset") return;
    const answer = await post("reset", {});
    if (!answer.ok) return showRefusal(answer);
    forget();
    await refresh();
    showNotice("Empty again", "Inbox, tables and queues are empty; the clock shows real time.");
    announce("The sandbox starts over.");
  });
}

wireClock();
wireChallenge();
wireMail();
wireLetter();
wireReset();
listen();
refresh();
setInterval(() => { if (!streaming) refresh(); }, POLL);
setInterval(() => { if (streaming && !document.hidden) refreshChallenge(); }, STATUS);
