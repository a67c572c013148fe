// One challenge as its relying party sees it: ask, enter the code, send again, cancel.
import { clearAnswer, showAccepted, showNotice, showRefusal } from "./answer.js";
import { countdown, instant, now } from "./clock.js";
import { announce, byId, make, term } from "./element.js";
import { readTransaction, wireTransaction } from "./transaction.js";
import { keyed, post } from "./wire.js";

const DELIVERY = {
  queued: "waiting to be sent", sent: "handed to the mail service", delivered: "taken by the mailbox's server",
  delayed: "the mailbox's server asks us to wait", bounced: "the address does not take mail", failed: "could not be sent in time",
};
const OVER = {
  accepted: "This challenge is accepted.", expired: "This challenge has expired.",
  exhausted: "This challenge has no attempts left.", cancelled: "This challenge is cancelled.",
};
const OVER_BY_CODE = {
  challenge_consumed: "accepted", challenge_expired: "expired", challenge_exhausted: "exhausted", challenge_cancelled: "cancelled",
};

const issue = keyed("/v1/challenges");
const verify = keyed("/v1/challenges/verify");
let challenge; // what we asked for, and the newest answer about it

export function wireChallenge() {
  wireTransaction();
  byId("ask-form").addEventListener("submit", onSubmit(start));
  byId("code-form").addEventListener("submit", onSubmit(enter));
  byId("resend").addEventListener("click", resend);
  byId("cancel").addEventListener("click", cancel);
  byId("start-another").addEventListener("click", () => { forget(); byId("email").focus(); });
  setInterval(showTimes, 250);
}

/** Back to the empty form. */
export function forget() {
  challenge = undefined;
  byId("ask").hidden = false;
  byId("enter").hidden = true;
  byId("code-form").reset();
  clearAnswer();
}

/** Asks the stack how the open challenge stands. */
export async function refreshChallenge() {
  if (challenge === undefined || challenge.verdict !== "open") return;
  const asked = challenge;
  const { ok, body } = await post("/v1/challenges/status", { challenge_id: asked.challenge_id });
  if (ok && challenge === asked && asked.verdict === "open") learn(body);
}

function onSubmit(act) {
  return async (event) => {
    event.preventDefault();
    const button = event.submitter ?? event.target.querySelector("[type=submit]");
    button.setAttribute("aria-disabled", "true");
    await act();
    button.removeAttribute("aria-disabled");
  };
}

async function start() {
  const request = { email: byId("email").value, purpose: byId("purpose").value, transaction: readTransaction() };
  const answer = await issue(request);
  if (!answer.ok) return showRefusal(answer);
  clearAnswer();
  challenge = { ...request, allowed: answer.body.attempts_left, verdict: "open", delivery: "queued" };
  byId("ask").hidden = true;
  byId("enter").hidden = false;
  byId("code-form").reset();
  learn(answer.body);
  showRequest();
  byId("code").focus();
  announce(`A code is on its way to ${request.email}.`);
}

async function enter() {
  const { challenge_id, purpose, transaction } = challenge;
  const answer = await verify({ challenge_id, code: byId("code").value, purpose, transaction });
  if (answer.ok) {
    learn({ verdict: "accepted" });
    return showAccepted(answer);
  }
  showRefusal(answer);
  const over = OVER_BY_CODE[answer.body?.code];
  if (over) learn({ verdict: over });
  if (answer.body?.attempts_left !== undefined) learn({ attempts_left: answer.body.attempts_left });
  byId("code").select();
}

async function resend() {
  const answer = await post("/v1/challenges/resend", { challenge_id: challenge.challenge_id });
  if (!answer.ok) return showRefusal(answer);
  learn({ ...answer.body, delivery: "queued" });
  showNotice("Sent again", "The same code, once more. The attempts are not renewed.");
}

async function cancel() {
  const answer = await post("/v1/challenges/cancel", { challenge_id: challenge.challenge_id });
  if (!answer.ok) return showRefusal(answer);
  learn({ verdict: "cancelled" });
  showNotice("Cancelled", "The code is worthless now. Try it: it is refused.");
}

function learn(news) {
  Object.assign(challenge, news);
  const { reference, code_length, attempts_left, allowed, delivery, verdict } = challenge;
  byId("reference").textContent = reference;
  byId("code-length").textContent = code_length;
  byId("attempts").textContent = attempts_left;
  byId("pips").replaceChildren(...Array.from({ length: allowed }, (_, n) => make("i", { class: n < attempts_left ? "full" : "" })));
  byId("delivery").textContent = delivery;
  byId("delivery").dataset.state = delivery;
  byId("delivery-words").textContent = DELIVERY[delivery] ?? "";
  byId("verdict").textContent = OVER[verdict] ?? "";
  byId("challenge-actions").hidden = verdict !== "open";
  showTimes();
}

function showRequest() {
  byId("enter-email").textContent = challenge.email;
  byId("enter-purpose").textContent = challenge.purpose;
  byId("enter-transaction").hidden = challenge.transaction === undefined;
  byId("enter-transaction").replaceChildren(...Object.entries(challenge.transaction ?? {}).map(([name, value]) => term(name, value)));
}

function showTimes() {
  if (challenge === undefined) return;
  const open = challenge.verdict === "open";
  const life = instant(challenge.expires_at) - now();
  const wait = instant(challenge.resend_at) - now();
  byId("expires").textContent = open ? (life > 0 ? countdown(life) : "over") : "–";
  byId("expires").classList.toggle("soon", open && life < 60_000);
  byId("resend").disabled = wait > 0 || life <= 0;
  byId("resend").textContent = life > 0 && wait > 0 ? `Send again in ${countdown(wait)}` : "Send again";
}
