// Many files, each on its own way: dropped, pasted, chosen or photographed; each shows its progress and its own trouble, and can
// be tried again. The server answers each with the card that stands in its place from then on, and keeps the unfinished batch.
//
// <form data-upload-url data-upload-target="filings" [data-then]> with <template data-sending>; see forms.html, macro drop.
// A try again carries the same Idempotency-Key, so that a file which did arrive is not filed twice. With data-pieces-url a large file
// goes there first, in pieces; the form then names it in the field `uploaded`, and a try again goes on where it stopped.
// A folder that is dropped or chosen goes, as a ZIP, to data-folder-url, and the page goes on at data-folder-then where its plan is.
import { ours, signedOut } from "./asking.js";
import { follow, goOnWith } from "./following.js";
import { filesBelow, filesOf, foldersIn, packed } from "./folder.js";
import { PIECE_BYTES, leavePiecesOut, sendInPieces } from "./pieces.js";

const AT_ONCE = 3;
const queue = [];
let running = 0;
let stopped = 0;
// The first card that came of this page's files: a page that leads on leads to it.
let landed = "";

function takeOver(form) {
  form.addEventListener("change", (event) => takeFrom(form, event.target));
  // Where a browser cannot choose a folder, as on many phones, its button would choose files.
  for (const input of form.querySelectorAll("input[webkitdirectory]")) if (!("webkitdirectory" in input)) input.parentElement.hidden = true;
  // Files chosen before this script had come.
  for (const input of form.querySelectorAll('input[type="file"]')) takeFrom(form, input);
}

function takeFrom(form, input) {
  if (input.type !== "file" || !input.files.length) return;
  if (input.webkitdirectory) {
    const { name, files } = filesOf(input);
    addFolder(form, name, () => files);
  } else addFiles(form, input.files);
  input.value = "";
}

const firstForm = () => document.querySelector("form[data-upload-url]");
const formFor = (event) => event.target.closest?.("form[data-upload-url]") ?? firstForm();
const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!hasFiles(event) || !formFor(event)) return;
  event.preventDefault();
  formFor(event).classList.add("is-over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) firstForm()?.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  const form = formFor(event);
  if (!hasFiles(event) || !form) return;
  event.preventDefault();
  for (const each of document.querySelectorAll(".is-over")) each.classList.remove("is-over");
  const dropped = form.dataset.folderUrl ? foldersIn(event.dataTransfer) : null;
  if (!dropped) return addFiles(form, event.dataTransfer.files);
  for (const folder of dropped.folders) addFolder(form, folder.name, () => filesBelow(folder));
  for (const entry of dropped.loose) entry.file((file) => { addFiles(form, [file]); });
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || !firstForm()) return;
  event.preventDefault();
  addFiles(firstForm(), files.map(named));
});
window.addEventListener("beforeunload", (event) => {
  if (running || queue.length) event.preventDefault();
});

// A pasted screenshot is always called image.png: the moment makes a name one can find again.
function named(file) {
  if (file.name !== "image.png") return file;
  const moment = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], `Screenshot ${moment}.png`, { type: file.type });
}

function addFiles(form, files, to = { url: form.dataset.uploadUrl, then: form.dataset.then }) {
  // What is chosen at once for a place that leads on belongs together, as the parts of one export do.
  const together = to.then && files.length > 1 ? newKey() : "";
  const jobs = [...files].map((file) => {
    const job = { form, file, to, key: newKey(), together, parts: files.length };
    job.card = cardOf(form, file.name, () => { enqueue(job); }, () => { if (job.pieces) leavePiecesOut(job.pieces); });
    if (form.dataset.piecesUrl && file.size > PIECE_BYTES) {
      job.pieces = { url: form.dataset.piecesUrl, file, progress: (share) => { progress(job, share); } };
    }
    return job;
  });
  jobs.forEach(enqueue);
  if (jobs.length) follow(jobs[0].card, form);
}

// A folder is read once for its checksums before the first byte is sent; what cannot be read is named, and nothing of it is sent.
async function addFolder(form, name, list) {
  const card = cardOf(form, name, () => { card.remove(); addFolder(form, name, list); }, () => {});
  show(card, "sending");
  running += 1;
  try {
    const files = await list();
    const zips = await packed(name, files, Number(form.dataset.mostBytes) || Infinity, (share) => { bar(card, share); });
    card.remove();
    running -= 1;
    addFiles(form, zips, { url: form.dataset.folderUrl, then: form.dataset.folderThen });
  } catch (error) {
    running -= 1;
    stopped += 1;
    const place = card.querySelector("[data-reason]");
    place.textContent = `${place.dataset.unreadable} ${error.message}`;
    show(card, "stopped");
  }
}

function cardOf(form, name, retry, remove) {
  const card = form.querySelector("template[data-sending]").content.firstElementChild.cloneNode(true);
  card.querySelector("[data-name]").textContent = name;
  card.querySelector("progress").setAttribute("aria-label", name);
  card.querySelector("[data-retry]").addEventListener("click", () => { stopped -= 1; retry(); });
  card.querySelector("[data-remove]").addEventListener("click", () => { stopped -= 1; card.remove(); remove(); });
  listFor(form).append(card);
  return card;
}

// The page's list of files; a page that only has the drop zone (home) gets one below it.
function listFor(form) {
  const found = document.getElementById(form.dataset.uploadTarget);
  if (found) return found;
  const list = document.createElement("section");
  list.id = form.dataset.uploadTarget;
  list.className = "block";
  list.setAttribute("aria-live", "polite");
  form.after(list);
  return list;
}

function enqueue(job) {
  show(job.card, "sending");
  progress(job, job.share ?? 0);
  queue.push(job);
  next();
}

function next() {
  while (running < AT_ONCE && queue.length) send(queue.shift());
}

async function send(job) {
  running += 1;
  try {
    if (job.pieces) await sendInPieces(job.pieces);
    await sendForm(job);
  } catch (request) {
    stop(job, request);
  }
  running -= 1;
  next();
  leaveWhenDone(job.to.then);
}

function sendForm(job) {
  const body = new FormData();
  for (const input of job.form.querySelectorAll('input[type="hidden"]')) body.append(input.name, input.value);
  body.append("idempotency_key", job.key);
  // A form that names what its files belong to says so itself.
  if (job.together && !body.has("together")) {
    body.append("together", job.together);
    body.append("parts", job.parts);
  }
  if (job.pieces) body.append("uploaded", job.pieces.id);
  else body.append("files", job.file, job.file.name);
  const request = new XMLHttpRequest();
  request.open("POST", job.to.url);
  for (const [name, value] of Object.entries(ours())) request.setRequestHeader(name, value);
  request.setRequestHeader("Idempotency-Key", job.key);
  request.setRequestHeader("HX-Request", "true");
  if (!job.pieces) request.upload.addEventListener("progress", (event) => progress(job, event.total ? event.loaded / event.total : 0));
  request.addEventListener("load", () => { finish(job, request); });
  request.addEventListener("error", () => { stop(job, request); });
  request.addEventListener("timeout", () => { stop(job, request); });
  return new Promise((resolve) => {
    request.addEventListener("loadend", resolve);
    request.send(body);
  });
}

function finish(job, request) {
  if (request.status >= 400) return stop(job, request);
  const holder = document.createElement("template");
  holder.innerHTML = request.responseText;
  const cards = [...holder.content.children];
  goOnWith(job.card, cards[0], () => { job.card.replaceWith(...cards); });
  if (job.to.then === job.form.dataset.then) landed ||= cards[0]?.id ?? "";
  for (const card of cards) window.htmx?.process(card);
  // Whoever counts what is ready listens with hx-trigger="filed from:body".
  document.body.dispatchEvent(new CustomEvent("filed", { bubbles: true }));
}

function stop(job, request) {
  stopped += 1;
  const place = job.card.querySelector("[data-reason]");
  place.textContent = reasonFor(place, request);
  show(job.card, "stopped");
  if (request.status === 401) whenSignedInAgain(job);
}

// Goes on by itself, unless somebody has tried again or taken it away before.
function whenSignedInAgain(job) {
  const retry = job.card.querySelector("[data-retry]");
  document.addEventListener("signed-in-again", () => { if (retry.checkVisibility()) retry.click(); }, { once: true });
}

// Why a request did not do it, for people; `place` holds the words for what the server did not say itself.
export function reasonFor(place, request) {
  if (request.status === 401) {
    signedOut();
    return place.dataset.signedOut;
  }
  return spoken(request) || place.dataset[request.status === 413 ? "tooLarge" : "network"];
}

// The server's own words, when the answer is a short fragment and not a whole page.
function spoken(request) {
  const text = request.responseText;
  if (!text || /<html/i.test(text)) return "";
  const page = new DOMParser().parseFromString(text, "text/html");
  return (page.querySelector("[data-message]") ?? page.body).textContent.trim().slice(0, 400);
}

function show(card, state) {
  for (const part of card.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  if (state === "stopped") card.querySelector("[data-retry]").focus({ preventScroll: true });
}

export function progress(job, share) {
  job.share = job.pieces ? share : 0;
  bar(job.card, share);
  job.card.querySelector("[data-line]").textContent = `${inWords(job.file.size * share)} / ${inWords(job.file.size)}`;
}

function bar(card, share) {
  const percent = Math.round(share * 100);
  const shown = card.querySelector("progress");
  shown.value = percent;
  shown.textContent = `${percent} %`;
}

function inWords(bytes) {
  const language = document.documentElement.lang;
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : bytes < 1e9 ? [bytes / 1e6, "megabyte"] : [bytes / 1e9, "gigabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumSignificantDigits: 3 }).format(amount);
}

function leaveWhenDone(then) {
  if (then && !running && !queue.length && !stopped) location.assign(landed ? `${then}#${landed}` : then);
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

for (const form of document.querySelectorAll("form[data-upload-url]")) takeOver(form);
