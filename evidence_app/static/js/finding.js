// Searching by keys: what one may want to type next, and the way from the box into its results and back.
//
// <input id data-complete-url data-complete-name>: the address answers, for `q` and the caret `at`, <li role="option"> of
// which each changes what is typed (data-text, data-caret), leads somewhere (data-url) or is chosen in the <select> whose id is
// in data-fills (data-value); one that is aria-disabled only says something. With data-fills or data-in-flow the list takes its
// place on the page, and its first choice is pointed at. The box becomes a combobox (ARIA 1.2), and a plain list it has gives way. With data-walks-results its form's address is asked as one types, and answers #found anew, with [data-said]
// for #found-said, which is read out; the arrow keys go on into the results. Not by htmx, which takes a request that was
// given up for an error.
import { askServer } from "./asking.js";

const ASK_AFTER_MS = 120;
const FIND_AFTER_MS = 150;
const RESULTS = "#found .hit h2 a, #found .grid-x h2 a";

// A box that comes with a part of a page is taken over when the part is there, or at the latest when somebody turns to it.
for (const input of boxesIn(document)) start(input);
document.addEventListener("htmx:load", (event) => { boxesIn(event.detail.elt).forEach(start); });
document.addEventListener("focusin", (event) => { if (event.target.matches("[data-complete-url]")) start(event.target); });

function boxesIn(root) {
  return [...root.querySelectorAll("[data-complete-url]")];
}

function start(input) {
  if (input.role === "combobox") return;
  const list = document.createElement("ul");
  list.id = `offers-of-${input.id}`;
  list.className = "plain offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.completeName);
  if (isInFlow(input)) list.classList.add("in-flow");
  if (input.dataset.fills) input.parentElement.after(list);
  else input.after(list);
  input.autocomplete = "off";
  input.removeAttribute("list");
  if ("walksResults" in input.dataset) watch(input);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  const box = { input, list, at: -1, timer: 0, asking: null };
  input.addEventListener("input", () => later(box));
  input.addEventListener("focus", () => { if (!input.value) later(box); });
  input.addEventListener("blur", () => close(box));
  input.addEventListener("keydown", (event) => { if (pressed(box, event)) event.preventDefault(); });
  // A press on a choice must not take the focus, and with it the list, away before it counts.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const choice = event.target.closest("[role=option]");
    if (choice) take(box, choice);
  });
}

function isInFlow(input) {
  return "fills" in input.dataset || "inFlow" in input.dataset;
}

function later(box) {
  stop(box);
  box.timer = setTimeout(() => ask(box), ASK_AFTER_MS);
}

function stop(box) {
  clearTimeout(box.timer);
  box.asking?.abort();
}

async function ask(box) {
  box.asking = new AbortController();
  const about = new URLSearchParams({ q: box.input.value, at: box.input.selectionStart ?? box.input.value.length });
  const address = box.input.dataset.completeUrl;
  const answer = await askServer(`${address}${address.includes("?") ? "&" : "?"}${about}`, {
    headers: { "HX-Request": "true" }, signal: box.asking.signal,
  }).then((found) => (found.ok ? found.text() : "")).catch(() => null);
  if (answer === null || document.activeElement !== box.input) return;
  box.list.innerHTML = answer;
  choices(box).forEach((choice, number) => { choice.id = `${box.list.id}-${number}`; });
  show(box, choices(box).length > 0);
  if (!isInFlow(box.input)) return;
  if (choices(box)[0] && choices(box)[0].ariaDisabled !== "true") point(box, 0);
  box.list.scrollIntoView({ block: "nearest" });
}

function choices(box) {
  return [...box.list.children];
}

function show(box, is) {
  box.list.hidden = !is;
  box.input.setAttribute("aria-expanded", String(is));
  point(box, -1);
}

function close(box) {
  stop(box);
  show(box, false);
}

function point(box, at) {
  box.at = at;
  choices(box).forEach((choice, number) => choice.setAttribute("aria-selected", String(number === at)));
  const here = choices(box)[at];
  if (here) box.input.setAttribute("aria-activedescendant", here.id);
  else box.input.removeAttribute("aria-activedescendant");
  here?.scrollIntoView({ block: "nearest" });
}

function take(box, choice) {
  if (choice.ariaDisabled === "true") return;
  close(box);
  if (choice.dataset.value) {
    fill(box, choice.dataset.value);
    return;
  }
  if (choice.dataset.url) {
    window.location.assign(choice.dataset.url);
    return;
  }
  box.input.value = choice.dataset.text;
  box.input.setSelectionRange(choice.dataset.caret, choice.dataset.caret);
  box.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// A list that is sent at once comes back without what was chosen, which stands elsewhere then; in any other it is seen and heard.
function fill(box, value) {
  const list = document.getElementById(box.input.dataset.fills);
  box.input.value = "";
  list.value = value;
  if (!list.matches("[hx-post]")) list.focus();
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

// Whether the key was for the list or the way into the results, so that the browser leaves it alone.
function pressed(box, event) {
  if (event.isComposing || event.ctrlKey || event.metaKey) return false;
  const isOpen = !box.list.hidden;
  const all = choices(box);
  if (event.key === "Enter" && isOpen && box.at >= 0) take(box, all[box.at]);
  else if (event.key === "ArrowDown" && isOpen && box.at + 1 < all.length) point(box, box.at + 1);
  else if (event.key === "ArrowDown" && !isOpen && (event.altKey || !box.input.value)) ask(box);
  else if (event.key === "ArrowDown") return intoResults(box);
  else if (event.key === "ArrowUp" && isOpen) point(box, box.at < 0 ? all.length - 1 : box.at - 1);
  else if (event.key === "Escape" && isOpen) close(box);
  else if (event.key === "Escape" && box.input.value && box.input.type === "search") clear(box);
  else {
    if (event.key === "Enter") close(box);
    return false;
  }
  return true;
}

function clear(box) {
  box.input.value = "";
  box.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  close(box);
}

function intoResults(box) {
  const first = "walksResults" in box.input.dataset && document.querySelector(RESULTS);
  if (!first) return false;
  close(box);
  first.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const box = document.querySelector("[data-walks-results]");
  if (!box || !event.target.matches(RESULTS)) return;
  const results = [...document.querySelectorAll(RESULTS)];
  const at = results.indexOf(event.target);
  if (event.key === "ArrowDown") results[Math.min(at + 1, results.length - 1)].focus();
  else if (event.key === "ArrowUp") (results[at - 1] ?? box).focus();
  else if (event.key === "Escape") box.focus();
  else return;
  event.preventDefault();
});

// ---- results as one types ----
function watch(input) {
  let timer = 0, asking = null;
  const stop = () => { clearTimeout(timer); asking?.abort(); };
  input.addEventListener("input", () => {
    stop();
    timer = setTimeout(() => {
      asking = new AbortController();
      find(input.form, asking.signal);
    }, FIND_AFTER_MS);
  });
  // The page that follows shows it all; an answer that came late would stand over it.
  input.form.addEventListener("submit", stop);
}

async function find(form, signal) {
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const answer = await askServer(address, { headers: { "HX-Request": "true" }, signal })
    .then((found) => (found.ok ? found.text() : null)).catch(() => null);
  if (answer === null || signal.aborted) return;
  const part = document.createElement("template");
  part.innerHTML = answer;
  const fresh = part.content.querySelector("#found");
  const old = document.querySelector("#found");
  // Folds that are open stay open when the results change below them.
  const open = folds(old).filter((fold) => fold.open).map(nameOf);
  for (const fold of folds(fresh)) if (open.includes(nameOf(fold))) fold.open = true;
  old.replaceWith(fresh);
  // What other scripts do with a part that htmx brought in, they do with this one.
  fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: fresh } }));
  document.querySelector("#found-said").textContent = part.content.querySelector("[data-said]").textContent;
  history.replaceState(history.state, "", address);
}

function folds(root) {
  return [...root.querySelectorAll("details")];
}

function nameOf(fold) {
  return `${fold.className} ${fold.querySelector("summary").textContent.trim()}`;
}
