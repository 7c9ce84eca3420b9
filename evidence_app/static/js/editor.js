// Writing a response: saves itself, never over somebody else's words; preview by the server; "[[" cites an exhibit.
//
// <form data-editor data-save-url data-preview-url> with <textarea data-editor-text>, <input type="hidden" name="revision">,
// [data-editor-preview], [data-editor-words], [data-editor-conflict], what keeping.js shows,
// buttons [data-md="heading|bold|italic|list|quote|link|table"], and a cite picker (see cite.js).
// save-url answers JSON {revision, saved: "10:24"} or 409 {error: {message}, compare_url}; preview-url answers a fragment.
import { askServer } from "./asking.js";
import { openPicker, watchCitations } from "./cite.js";
import { keepItself, say } from "./keeping.js";
import { watchSentences } from "./sentence.js";
import { put } from "./typing.js";

const PREVIEW_AFTER_MS = 350;

function start(form) {
  const text = form.querySelector("[data-editor-text]");
  const editor = { form, text, previewTimer: 0 };
  keepItself(form, form.dataset.saveUrl, {
    taken: ({ revision }) => { form.elements.revision.value = revision; },
    clashed: showConflict,
  });
  text.addEventListener("input", (event) => {
    count(editor);
    clearTimeout(editor.previewTimer);
    editor.previewTimer = setTimeout(() => preview(editor), PREVIEW_AFTER_MS);
    if (event.data === "[" && bracketsAtCaret(text)) openPicker();
  });
  for (const button of document.querySelectorAll("[data-md]")) {
    button.addEventListener("click", () => mark(text, button.dataset.md));
  }
  watchCitations(text);
  watchSentences(text);
  count(editor);
  // Words typed before this script had come, or found again, are not previewed yet, and their brackets opened no picker.
  if (text.value !== text.defaultValue) {
    preview(editor);
    if (document.activeElement === text && bracketsAtCaret(text)) openPicker();
  }
}

function bracketsAtCaret(text) {
  return text.value.slice(0, text.selectionStart).endsWith("[[");
}

function showConflict(answer) {
  const notice = document.querySelector("[data-editor-conflict]");
  if (!notice) return;
  notice.querySelector("[data-message]").textContent = answer.error.message;
  if (answer.compare_url) notice.querySelector("a").href = answer.compare_url;
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

// ---- preview and words ----
async function preview(editor) {
  const view = document.querySelector("[data-editor-preview]");
  if (!view || !editor.form.dataset.previewUrl) return;
  const asked = editor.text.value;
  const body = new FormData();
  body.append("text", asked);
  try {
    const answer = await askServer(editor.form.dataset.previewUrl, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (answer.ok && asked === editor.text.value) view.innerHTML = await answer.text();
  } catch {
    say("offline");
  }
}

function count(editor) {
  const words = editor.text.value.trim().split(/\s+/).filter(Boolean).length;
  for (const spot of document.querySelectorAll("[data-editor-words]")) spot.textContent = words;
}

// ---- marks ----
const AROUND = { bold: ["**", "**"], italic: ["*", "*"], link: ["[", "](https://)"] };
const BEFORE = { heading: "### ", list: "- ", numbers: "1. ", quote: "> " };
const TABLE = "\n| Column | Column |\n| --- | --- |\n| | |\n";

function mark(text, kind) {
  const { selectionStart: from, selectionEnd: to } = text;
  const chosen = text.value.slice(from, to);
  if (kind in AROUND) {
    const [open, close] = AROUND[kind];
    put(text, from, to, open + chosen + close);
    text.setSelectionRange(from + open.length, from + open.length + chosen.length);
  } else if (kind in BEFORE) {
    const start = text.value.lastIndexOf("\n", from - 1) + 1;
    put(text, start, to, text.value.slice(start, to).split("\n").map((line) => BEFORE[kind] + line).join("\n"));
  } else if (kind === "table") {
    put(text, to, to, TABLE);
  }
}

for (const form of document.querySelectorAll("form[data-editor]")) start(form);
