// Words and ticks that keep themselves while they are typed and ticked: shortly after the last key, at once when a field is left, and
// when the page is. What the server has not taken yet survives a reload of this tab; it is never left on a shared computer.
//
// <form data-keep-url>; [data-keeping="saved|saving|offline|refused|conflict"] (one shows at a time; [data-words] in it says what was kept,
// or why nothing was), [data-stranded] (shown when the form could not be sent; [data-refused] in it where the server said why).
// keep-url answers JSON {saved: "Draft kept"}, or {error: {message}}.
// A form of many parts marks each with [data-keeps] and an id: only those that changed are sent, so that a tab that lay open
// overwrites nothing it did not touch.
import { askServer } from "./asking.js";

const SAVE_AFTER_MS = 1200;
const RETRY_AFTER_MS = 8000;

// `taken` is called with the server's answer, `clashed` with that of a 409, after which nothing is sent any more by itself.
export function keepItself(form, url, { taken = () => {}, clashed = null } = {}) {
  // `changed` is what the server has not taken yet, `touched` all that was ever changed here.
  const keeper = {
    form, url, taken, clashed, changed: new Set(), touched: new Set(), timer: 0, saving: null, isSending: false, isOver: false, isSent: false,
  };
  recover(keeper);
  form.addEventListener("input", (event) => { change(keeper, event.target); });
  form.addEventListener("change", (event) => { change(keeper, event.target); save(keeper, false); });
  form.addEventListener("submit", (event) => { submit(keeper, event); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(keeper, true); });
  document.addEventListener("signed-in-again", () => { save(keeper, false); });
  // What was typed before this script had come is not kept yet, nor is what this tab still knew.
  for (const field of fieldsOf(form)) if (isTouched(field)) touch(keeper, field);
  if (keeper.changed.size) later(keeper, SAVE_AFTER_MS);
}

const partOf = (field) => field.closest("[data-keeps]")?.id ?? "";
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const isTouched = (field) => (isTicked(field) ? field.checked !== field.defaultChecked : "defaultValue" in field && field.value !== field.defaultValue);

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !field.disabled && !["file", "submit", "button"].includes(field.type));
}

// The fields of these parts, with the hidden ones that go with every part.
function about(keeper, parts) {
  return fieldsOf(keeper.form).filter((field) => parts.has(partOf(field)) || (field.type === "hidden" && !partOf(field)));
}

function touch(keeper, field) {
  keeper.changed.add(partOf(field));
  keeper.touched.add(partOf(field));
}

function change(keeper, field) {
  if (field.form !== keeper.form) return;
  touch(keeper, field);
  remember(keeper, keeper.changed);
  later(keeper, SAVE_AFTER_MS);
}

function later(keeper, after) {
  clearTimeout(keeper.timer);
  keeper.timer = setTimeout(() => save(keeper, false), after);
}

function save(keeper, leaving) {
  if (keeper.isOver || keeper.isSending || !keeper.changed.size || (keeper.saving && !leaving)) return;
  clearTimeout(keeper.timer);
  const parts = new Set(keeper.changed);
  // What is sent while the words before it are on their way may come there first: it stays changed, and is sent once more.
  if (!keeper.saving) keeper.changed.clear();
  const saving = Promise.all([keeper.saving, keep(keeper, parts, leaving)]).finally(() => { if (keeper.saving === saving) keeper.saving = null; });
  keeper.saving = saving;
}

async function keep(keeper, parts, leaving) {
  say("saving");
  try {
    const answer = await send(keeper, parts, leaving);
    if (answer.ok) settle(keeper, await answer.json());
    else if (answer.status === 409 && keeper.clashed) {
      keeper.isOver = true;
      say("conflict");
      keeper.clashed(await answer.json());
    } else notTaken(keeper, parts, answer.status, await wordsOf(answer));
  } catch {
    notTaken(keeper, parts);
  }
}

// The server's own words, where it answered with any.
const wordsOf = (answer) => answer.json().then(({ error }) => error.message, () => "");
// Whether the same may be taken at another time: it is not refused for what it is, nor for who is not signed in.
const mayPass = (status) => !status || status >= 500 || status === 429;

function notTaken(keeper, parts, status = 0, words = "") {
  for (const part of parts) keeper.changed.add(part);
  // What changed meanwhile was remembered without these.
  remember(keeper, keeper.changed);
  if (mayPass(status)) later(keeper, RETRY_AFTER_MS);
  say(words && !mayPass(status) && status !== 401 ? "refused" : "offline", words);
}

function send(keeper, parts, leaving) {
  const body = new FormData();
  for (const field of about(keeper, parts)) {
    // The token goes as a header: the one in the form may be of an earlier visit.
    if (field.name !== "csrf_token" && (!isTicked(field) || field.checked)) body.append(field.name, field.value);
  }
  return askServer(keeper.url, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: leaving });
}

function settle(keeper, answer) {
  stranded(false);
  keeper.taken(answer);
  say("saved", answer.saved);
  if (!keeper.changed.size) return forget(keeper);
  remember(keeper, keeper.changed);
  later(keeper, SAVE_AFTER_MS);
}

// A form sent into a dead network takes the page, and the words on it, away. So all that was changed here goes first, behind what is
// on its way: only when the server took it, or has something to say about it (409, 422), the form follows.
async function submit(keeper, event) {
  if (keeper.isSent || !keeper.touched.size) return;
  event.preventDefault();
  if (keeper.isSending) return;
  keeper.isSending = true;
  clearTimeout(keeper.timer);
  await keeper.saving;
  const answer = await send(keeper, keeper.touched, false).catch(() => null);
  if (!answer?.ok && ![409, 422].includes(answer?.status)) {
    const words = answer ? await wordsOf(answer) : "";
    keeper.isSending = false;
    notTaken(keeper, keeper.touched, answer?.status, words);
    // Who was signed out is told how to go on.
    if (answer?.status !== 401) stranded(true, mayPass(answer?.status) ? "" : words);
    return;
  }
  clearTimeout(keeper.timer);
  forget(keeper);
  keeper.isSent = keeper.isOver = true;
  keeper.form.requestSubmit(event.submitter);
}

function stranded(is, words = "") {
  const notice = document.querySelector("[data-stranded]");
  if (!notice) return;
  notice.hidden = !is;
  notice.querySelector("[data-unanswered]").hidden = Boolean(words);
  notice.querySelector("[data-refused]").hidden = !words;
  notice.querySelector("[data-words]").textContent = words;
  if (is) notice.scrollIntoView({ block: "nearest" });
}

export function say(name, words) {
  for (const place of document.querySelectorAll("[data-keeping]")) {
    place.hidden = place.dataset.keeping !== name;
    if (words && !place.hidden) place.querySelector("[data-words]")?.replaceChildren(words);
  }
}

// ---- what this tab knows, of whoever typed it: another may sign in here after a session has ended ----
const person = document.querySelector('meta[name="person"]')?.content ?? "";
const place = (keeper) => `unsaved ${person} ${keeper.url}`;

function remember(keeper, parts) {
  const fields = about(keeper, parts).filter((field) => field.name !== "csrf_token" && !(field.type === "hidden" && partOf(field)));
  sessionStorage.setItem(place(keeper), JSON.stringify(fields.map(({ name, value, checked }) => ({ name, value, checked }))));
}

function forget(keeper) {
  sessionStorage.removeItem(place(keeper));
}

function recover(keeper) {
  const known = JSON.parse(sessionStorage.getItem(place(keeper)) ?? "[]");
  // Which item a part is about says the page, never the memory: every part has a hidden field of that name.
  const fields = fieldsOf(keeper.form).filter((field) => !(field.type === "hidden" && partOf(field)));
  for (const { name, value, checked } of known) {
    const field = fields.find((one) => one.name === name && (!isTicked(one) || one.value === value));
    if (!field) continue;
    if (isTicked(field) ? field.checked !== checked : field.value !== value) touch(keeper, field);
    if (isTicked(field)) field.checked = checked;
    else field.value = value;
  }
  if (!keeper.changed.size) forget(keeper);
}

for (const form of document.querySelectorAll("form[data-keep-url]")) keepItself(form, form.dataset.keepUrl);
