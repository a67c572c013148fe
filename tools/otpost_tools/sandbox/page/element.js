// Builds elements. Text always goes in as text: nothing on this page ever parses untrusted markup into its own document.

/** The element with this id, which index.html promises to have. */
export const byId = (id) => document.getElementById(id);

/** A new element; `attributes` as in HTML, children are elements or text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** One row of a description list. */
export function term(name, value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, value));
}

/** Says something to people who cannot see the page change. */
export function announce(words) {
  byId("announcer").textContent = words;
}

/** A button that copies `read()`; says so for a moment, or selects the text where the browser has no clipboard. */
export function wireCopy(button, read, fallback) {
  const label = button.textContent;
  let timer;
  button.addEventListener("click", async () => {
    const done = await copied(read(), fallback);
    button.textContent = done ? "Copied" : "Selected: copy it";
    announce(done ? "Copied" : "Selected. Copy it with the keyboard.");
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = label; }, 1600);
  });
}

async function copied(text, fallback) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // no clipboard outside a secure context, or the person said no
    getSelection().selectAllChildren(fallback);
    return false;
  }
}
