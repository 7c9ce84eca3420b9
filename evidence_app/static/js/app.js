// What every page has: small conveniences over pages that work without them.
import "./autosubmit.js";
import "./copy.js";
import "./editor.js";
import "./finding.js";
import "./keeping.js";
import "./keys.js";
import "./large.js";
import "./passage.js";
import "./room.js";
import "./ticked.js";
import "./upload.js";
import { ours, signedOut } from "./asking.js";

document.documentElement.classList.add("scripted");
for (const button of document.querySelectorAll("[data-dismiss], [data-print]")) button.hidden = false;
document.querySelector("[data-focus]")?.focus();

document.addEventListener("htmx:configRequest", (event) => { Object.assign(event.detail.headers, ours()); });

// Fragments with an error are shown where the answer was expected; no answer at all is said in a toast.
document.addEventListener("htmx:beforeSwap", (event) => {
  const fragment = event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html");
  if ([400, 409, 413, 422].includes(event.detail.xhr.status) && fragment) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
for (const name of ["htmx:sendError", "htmx:responseError", "went-wrong"]) {
  document.addEventListener(name, (event) => {
    if (event.detail?.xhr?.status === 401) return signedOut();
    const template = document.querySelector("template#went-wrong");
    const toasts = document.querySelector("#toasts");
    if (template && toasts) toasts.replaceChildren(template.content.cloneNode(true));
    revealButtons(toasts);
  });
}
document.addEventListener("htmx:load", (event) => revealButtons(event.detail.elt));

function revealButtons(root) {
  for (const button of root?.querySelectorAll("[data-dismiss], [data-copy]") ?? []) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".toast-x, .callout")?.remove();
  if (event.target.closest("[data-print]")) window.print();
  // A small sheet (menu, "More", a row of tools) shuts when one turns to something else.
  for (const sheet of document.querySelectorAll(SHEETS)) if (!sheet.contains(event.target)) sheet.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const sheet = event.target.closest?.(SHEETS);
  if (!sheet?.open) return;
  sheet.open = false;
  sheet.querySelector("summary").focus();
});
const SHEETS = "details.me-menu, details.more, details.drop-sheet";
