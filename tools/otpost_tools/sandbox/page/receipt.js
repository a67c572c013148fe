// Shows a receipt: what it says, and whether its signature holds against the published keys.
import { instant, timeOfDay } from "./clock.js";
import { byId, make, wireCopy } from "./element.js";
import { get } from "./wire.js";

const MEANING = {
  alg: "signature algorithm", typ: "what kind of token", kid: "which key signed",
  iss: "who says so", aud: "for whom", sub: "pseudonym of the address", email: "the address proven",
  email_verified: "the mailbox was reached", purpose: "what for", transaction: "hash of the details",
  nonce: "your value, unchanged", jti: "one per challenge", iat: "consumed at", nbf: "not before", exp: "good until",
};

const bytesOf = (part) => Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const jsonOf = (part) => JSON.parse(new TextDecoder().decode(bytesOf(part)));

/** Elements that show the receipt, its signature's state included. */
export function receiptView(receipt) {
  const [header, claims] = receipt.split(".").slice(0, 2).map(jsonOf);
  const token = make("pre", { class: "token", tabindex: "0", "aria-label": "The receipt as sent" }, receipt);
  const copy = make("button", { type: "button" }, "Copy receipt");
  wireCopy(copy, () => receipt, token);
  return [
    signatureLine(receipt, header),
    make("h4", {}, "Header"), table(header),
    make("h4", {}, "Claims"), table(claims),
    make("details", {}, make("summary", {}, "The receipt as sent"), token),
    make("div", { class: "actions" }, copy, make("a", { href: "/.well-known/jwks.json" }, "Public keys (JWKS)")),
  ];
}

function table(members) {
  const rows = Object.entries(members).map(([name, value]) => {
    const meaning = MEANING[name] ? make("span", { class: "meaning" }, MEANING[name]) : "";
    return make("tr", {}, make("th", { scope: "row" }, name, " ", meaning), make("td", {}, shown(name, value)));
  });
  return make("table", { class: "claims" }, make("tbody", {}, ...rows));
}

function shown(name, value) {
  const isTime = ["iat", "nbf", "exp"].includes(name) && typeof value === "number";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return isTime ? `${text} (${timeOfDay(instant(value))} UTC)` : text;
}

function signatureLine(receipt, header) {
  const line = make("p", { class: "signature" }, "Checking the signature…");
  checkedSignature(receipt, header).then(([state, words]) => {
    line.dataset.state = state;
    line.textContent = words;
  });
  return line;
}

async function checkedSignature(receipt, header) {
  if (!globalThis.crypto?.subtle) return ["unknown", "Signature not checked: the browser does that only on a secure origin."];
  const { ok, body } = await get("/.well-known/jwks.json");
  const jwk = ok && body?.keys?.find((key) => key.kid === header.kid);
  if (!jwk || header.alg !== "ES256") return ["bad", "Signature not valid: no published key of that name."];
  const valid = await verified(receipt, jwk);
  return valid ? ["good", "Signature valid: checked in this browser against the published key."] : ["bad", "Signature not valid."];
}

async function verified(receipt, { kty, crv, x, y }) {
  const [header, claims, signature] = receipt.split(".");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, key, bytesOf(signature), new TextEncoder().encode(`${header}.${claims}`));
}

/** Puts focus where the news is, without scrolling past it. */
export const focusAnswer = () => byId("answer").querySelector("h3")?.focus();
