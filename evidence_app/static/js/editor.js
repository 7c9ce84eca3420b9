// Writing a response: saves itself, never over somebody else's words; preview by the server; "[[" cites an exhibit.
//
// <form data-editor data-save-url data-preview-url> with <textarea data-editor-text>, <input type="hidden" name="revision">,
// [data-editor-state="saving|saved|offline|conflict"] (one shows at a time), [data-editor-preview], [data-editor-words],
// [data-editor-stranded] (shown when the form could not be sent),
// buttons [data-md="heading|bold|italic|list|quote|link|table"], and a cite picker (see cite.js).
// save-url answers JSON {revision, saved: "10:24"} or 409 {error: {message}, compare_url}; preview-url answers a fragment.
import { csrfToken } from "./csrf.js";
import { openPicker, watchCitations } from "./cite.js";
import { watchSentences } from "./sentence.js";
import { put } from "./typing.js";

const SAVE_AFTER_MS = 1200;
const PREVIEW_AFTER_MS = 350;
const RETRY_AFTER_MS = 8000;

function start(form) {
  const text = form.querySelector("[data-editor-text]");
  const editor = { form, text, saved: text.value, saving: false, conflict: false, saveTimer: 0, previewTimer: 0 };
  recover(editor);
  form.addEventListener("input", () => {
    keep(editor);
    later(editor);
  });
  form.addEventListener("submit", (event) => { submit(editor, event); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(editor, true); });
  text.addEventListener("input", (event) => {
    count(editor);
    clearTimeout(editor.previewTimer);
    editor.previewTimer = setTimeout(() => preview(editor), PREVIEW_AFTER_MS);
    if (event.data === "[" && bracketsAtCaret(text)) openPicker(text, 2);
  });
  for (const button of document.querySelectorAll("[data-md]")) {
    button.addEventListener("click", () => mark(text, button.dataset.md));
  }
  watchCitations(text);
  watchSentences(text);
  count(editor);
  // Words typed before this script had come are not saved yet, and their brackets opened no picker.
  if (text.value !== text.defaultValue) {
    editor.savedForm = "";
    later(editor);
    preview(editor);
    if (document.activeElement === text && bracketsAtCaret(text)) openPicker(text, 2);
  }
}

function bracketsAtCaret(text) {
  return text.value.slice(0, text.selectionStart).endsWith("[[");
}

// ---- saving ----
function later(editor) {
  clearTimeout(editor.saveTimer);
  editor.saveTimer = setTimeout(() => save(editor, false), SAVE_AFTER_MS);
}

async function save(editor, leaving) {
  if (editor.saving || editor.conflict || contents(editor) === editor.savedForm) return;
  clearTimeout(editor.saveTimer);
  editor.saving = true;
  const sent = contents(editor);
  state(editor, "saving");
  try {
    const answer = await send(editor, leaving);
    if (answer.status === 409) showConflict(editor, await answer.json());
    else if (!answer.ok) throw new Error(`answer ${answer.status}`);
    else settle(editor, sent, await answer.json());
  } catch {
    state(editor, "offline");
    editor.saveTimer = setTimeout(() => save(editor, false), RETRY_AFTER_MS);
  } finally {
    editor.saving = false;
  }
}

function send(editor, leaving) {
  return fetch(editor.form.dataset.saveUrl, {
    method: "POST",
    body: new FormData(editor.form),
    headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
    keepalive: leaving,
    redirect: "error",
  });
}

// A form sent into a dead network takes the page, and the words on it, away. So the draft goes first: only when the
// server took it, or had an answer of its own, the form follows.
async function submit(editor, event) {
  if (editor.isSent) return;
  event.preventDefault();
  clearTimeout(editor.saveTimer);
  try {
    const answer = await send(editor, false);
    if ([400, 401].includes(answer.status) || answer.status >= 500) throw new Error(`answer ${answer.status}`);
  } catch {
    state(editor, "offline");
    stranded(true);
    later(editor);
    return;
  }
  forget(editor);
  editor.isSent = editor.conflict = true;
  editor.form.requestSubmit(event.submitter);
}

function stranded(is) {
  const notice = document.querySelector("[data-editor-stranded]");
  if (!notice) return;
  notice.hidden = !is;
  if (is) notice.scrollIntoView({ block: "nearest" });
}

function settle(editor, sent, answer) {
  stranded(false);
  editor.form.elements.revision.value = answer.revision;
  editor.savedForm = sent;
  state(editor, "saved", answer.saved);
  if (contents(editor) === sent) forget(editor);
  else later(editor);
}

function showConflict(editor, answer) {
  editor.conflict = true;
  state(editor, "conflict");
  const notice = document.querySelector("[data-editor-conflict]");
  if (!notice) return;
  notice.querySelector("[data-message]").textContent = answer.error.message;
  if (answer.compare_url) notice.querySelector("a").href = answer.compare_url;
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}

function contents(editor) {
  const fields = new FormData(editor.form);
  fields.delete("revision");
  fields.delete("csrf_token");
  return new URLSearchParams(fields).toString();
}

function state(editor, name, words) {
  for (const place of document.querySelectorAll("[data-editor-state]")) {
    place.hidden = place.dataset.editorState !== name;
    if (words && !place.hidden) place.querySelector("[data-words]")?.replaceChildren(words);
  }
}

// What is not saved yet survives a reload of this tab; it is never left on a shared computer.
function place(editor) {
  return `unsaved ${editor.form.dataset.saveUrl}`;
}
function keep(editor) {
  const unsaved = { revision: editor.form.elements.revision.value, text: editor.text.value };
  sessionStorage.setItem(place(editor), JSON.stringify(unsaved));
}
function forget(editor) {
  sessionStorage.removeItem(place(editor));
}
function recover(editor) {
  editor.savedForm = contents(editor);
  const unsaved = JSON.parse(sessionStorage.getItem(place(editor)) ?? "null");
  if (!unsaved || unsaved.text === editor.text.value) return forget(editor);
  editor.text.value = unsaved.text;
  editor.form.elements.revision.value = unsaved.revision;
  later(editor);
  preview(editor);
}

// ---- preview and words ----
async function preview(editor) {
  const view = document.querySelector("[data-editor-preview]");
  if (!view || !editor.form.dataset.previewUrl) return;
  const asked = editor.text.value;
  const body = new FormData();
  body.append("text", asked);
  try {
    const answer = await fetch(editor.form.dataset.previewUrl, {
      method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" }, redirect: "error",
    });
    if (answer.ok && asked === editor.text.value) view.innerHTML = await answer.text();
  } catch {
    state(editor, "offline");
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
