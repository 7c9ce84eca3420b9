// Choosing an exhibit: typing "[[" or the Cite button opens the picker, a search box with the server's list below it.
//
// [data-cite-picker data-cite-search-url] with <input type="search"> and [data-cite-results]; the list is a fragment of
// <button type="button" data-cite="[[E-0301-02-01]]">, or data-cite-url for one not cited yet: it is posted to, and answers
// JSON {citation}, and the body gets the event "cited", or the document "went-wrong". Such buttons work anywhere on the page, in forms too.
import { askServer } from "./asking.js";
import { put } from "./typing.js";

const ASK_AFTER_MS = 180;

export function openPicker() {
  const picker = document.querySelector("[data-cite-picker]");
  if (!picker) return;
  picker.hidden = false;
  const box = picker.querySelector("input");
  box.value = "";
  box.focus();
  ask(picker, "");
}

export function watchCitations(text) {
  // Who has not been in the text yet has chosen no place in it: what is cited then comes in at its end.
  if (document.activeElement !== text) text.setSelectionRange(text.value.length, text.value.length);
  const picker = document.querySelector("[data-cite-picker]");
  let timer = 0;
  picker?.querySelector("input").addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(picker, event.target.value), ASK_AFTER_MS);
  });
  picker?.addEventListener("keydown", (event) => walk(event, picker, text));
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-cite-open]")) openPicker();
    const button = event.target.closest("[data-cite], [data-cite-url]");
    if (!button) return;
    // Without scripts the button sends its form; the page then comes back with the exhibit cited.
    event.preventDefault();
    insert(text, button.dataset.cite ?? (await citationFrom(button)));
  });
}

function walk(event, picker, text) {
  const choices = [...picker.querySelectorAll("[data-cite], [data-cite-url]")];
  const at = choices.indexOf(document.activeElement);
  if (event.key === "Escape") {
    close(picker);
    text.focus();
  } else if (event.key === "ArrowDown") choices[Math.min(at + 1, choices.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (at > 0 ? choices[at - 1] : picker.querySelector("input")).focus();
  else if (event.key === "Enter" && at < 0) choices[0]?.click();
  else return;
  event.preventDefault();
}

async function ask(picker, words) {
  const answer = await askServer(`${picker.dataset.citeSearchUrl}?${new URLSearchParams({ q: words })}`, {
    headers: { "HX-Request": "true" },
  }).catch(() => null);
  if (answer?.ok) picker.querySelector("[data-cite-results]").innerHTML = await answer.text();
}

async function citationFrom(button) {
  const answer = await askServer(button.dataset.citeUrl, { method: "POST", headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    if (answer?.status !== 401) document.dispatchEvent(new Event("went-wrong"));
    return "";
  }
  document.body.dispatchEvent(new Event("cited"));
  return (await answer.json()).citation;
}

function insert(text, citation) {
  const picker = document.querySelector("[data-cite-picker]");
  if (picker) close(picker);
  if (!citation) return;
  // Behind what is chosen, never in its place; brackets typed there give way to the whole mark.
  const at = text.selectionEnd;
  const before = text.value.slice(0, at).replace(/\[\[$/, "");
  const gap = /[^\s(]$/.test(before) ? " " : "";
  const gapBehind = /^[\p{L}\p{N}[]/u.test(text.value.slice(at)) ? " " : "";
  put(text, before.length, at, gap + citation + gapBehind);
}

function close(picker) {
  picker.hidden = true;
}
