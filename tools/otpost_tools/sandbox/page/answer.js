// Says what the stack answered: in plain words, and exactly.
import { span } from "./clock.js";
import { byId, make } from "./element.js";
import { focusAnswer, receiptView } from "./receipt.js";

const left = (count) => (count === 1 ? "1 attempt left" : `${count ?? "some"} attempts left`);
const retry = (answer) => span(Number(answer.headers.get("retry-after") ?? 0));

/** Plain words for each problem code of the API. */
const WORDS = {
  invalid_request: () => ["That request is malformed", "It spent nothing and changed nothing."],
  wrong_code: ({ body }) => ["Wrong code", body.attempts_left === 0 ? "That was the last attempt." : `${left(body.attempts_left)}.`],
  unknown_challenge: () => ["No such challenge", "Unknown id, or asked for another purpose or other details than the code was sent for."],
  challenge_consumed: () => ["Already used", "A code works once. This one has been accepted before."],
  challenge_cancelled: () => ["Cancelled", "This challenge was called off. Ask for a new code."],
  challenge_exhausted: () => ["No attempts left", "Even the right code is refused now. Ask for a new one."],
  challenge_expired: () => ["Expired", "The code's time is over. Ask for a new one."],
  body_too_large: () => ["Too large", "A request may have 8 KB at most."],
  unsupported_media_type: () => ["Not JSON", "The API speaks application/json only."],
  rate_limited: (answer) => ["Too many for now", `Possible again in ${retry(answer)}. Or move the sandbox clock.`],
  unavailable: (answer) => ["Not available", `Nothing was lost and nothing accepted. Try the same again in ${retry(answer)}.`],
};

function wordsFor(answer) {
  if (answer.status === 0) return ["No answer", "The sandbox does not answer. Is it still running?"];
  if (answer.status === 403) return ["Signed requests only", "This stack runs in backend mode and a page has no AWS identity: use otpost issue … --aws-iam."];
  return WORDS[answer.body?.code]?.(answer) ?? [`Answer ${answer.status}`, "The stack gave an answer this page has no words for."];
}

/** Shows a refusal: headline, plain words, and the problem as it came. */
export function showRefusal(answer) {
  const [headline, words] = wordsFor(answer);
  markFields(answer);
  show("refused", headline, make("p", {}, words), ...flaws(answer), ...(answer.status ? [exactly(answer)] : []));
}

/** Shows an accepted verification and its receipt. */
export function showAccepted({ body }) {
  markFields({});
  show("accepted", "Accepted", make("p", {}, make("strong", {}, body.email), " is proven, once. The same code will be refused from now on."),
    ...receiptView(body.receipt));
  focusAnswer();
}

/** Shows a short notice that is neither a receipt nor a refusal. */
export function showNotice(headline, words) {
  show("notice", headline, make("p", {}, words));
}

const errorsOf = (answer) => (Array.isArray(answer.body?.errors) ? answer.body.errors : []);

function flaws(answer) {
  const items = errorsOf(answer).map(({ pointer, header, detail }) =>
    make("li", {}, make("code", {}, pointer ?? header ?? "body"), ` ${detail ?? ""}`));
  return items.length ? [make("ul", { class: "flaws" }, ...items)] : [];
}

/** The fields that a refusal names are marked, until the next answer. */
function markFields(answer) {
  const wrong = new Set(errorsOf(answer).map(({ pointer }) => pointer));
  for (const name of ["email", "purpose", "code"]) byId(name).setAttribute("aria-invalid", String(wrong.has(`#/${name}`)));
}

export function clearAnswer() {
  markFields({});
  byId("answer").hidden = true;
  byId("answer").replaceChildren();
}

function show(kind, headline, ...content) {
  const answer = byId("answer");
  answer.dataset.kind = kind;
  answer.hidden = false;
  answer.replaceChildren(make("h3", { tabindex: "-1" }, headline), ...content);
  answer.querySelector("h3").scrollIntoView({ block: "nearest" });
}

function exactly(answer) {
  const lines = [`HTTP ${answer.status}`];
  for (const name of ["content-type", "retry-after", "www-authenticate", "cache-control"]) {
    if (answer.headers.has(name)) lines.push(`${name}: ${answer.headers.get(name)}`);
  }
  const body = answer.body === undefined ? answer.text : JSON.stringify(answer.body, null, 2);
  const pre = make("pre", { tabindex: "0", "aria-label": "The answer as it came" }, `${lines.join("\n")}\n\n${body}`);
  return make("details", { open: "" }, make("summary", {}, "The exact answer"), pre);
}
