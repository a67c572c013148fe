// The rows of a transaction: at most ten names with values, as the API takes them.
import { byId, make } from "./element.js";

const MOST = 10;

export function wireTransaction() {
  byId("add-pair").addEventListener("click", () => addPair().querySelector("input").focus());
  byId("purpose").addEventListener("change", (event) => {
    if (event.target.value === "transaction") byId("transaction").open = true;
  });
  byId("transaction").addEventListener("toggle", () => {
    if (byId("transaction").open && rows().length === 0) addPair("amount", "");
  });
}

/** The transaction in the form, or undefined when no row has a name. */
export function readTransaction() {
  const named = rows().map((row) => Array.from(row.querySelectorAll("input"), (input) => input.value)).filter(([name]) => name !== "");
  return named.length ? Object.fromEntries(named) : undefined;
}

const rows = () => Array.from(byId("pairs").children);

function addPair(name = "", value = "") {
  const number = rows().length + 1;
  const remove = make("button", { type: "button", class: "quiet", "aria-label": `Remove detail ${number}` }, "×");
  const row = make("div", { class: "pair" },
    input(`Name of detail ${number}`, "name", 64, name), input(`Value of detail ${number}`, "value", 256, value), remove);
  remove.addEventListener("click", () => {
    row.remove();
    byId("add-pair").disabled = false;
    byId("add-pair").focus();
  });
  byId("pairs").append(row);
  byId("add-pair").disabled = rows().length >= MOST;
  return row;
}

function input(label, placeholder, most, value) {
  const element = make("input", { type: "text", "aria-label": label, placeholder, maxlength: String(most), autocomplete: "off" });
  element.value = value;
  return element;
}
