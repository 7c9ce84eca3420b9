// Asking the server for the one whose page this is. Who was signed out while the page lay open is told so, with the way to sign in in
// another tab; once they are, the page takes the new form token, and the document gets the event "signed-in-again". A form that would be
// sent into the dark, and take the page and the words in it away, asks first.
//
// <meta name="person">, <meta name="csrf-token">, [data-token-url] in the frame; token-url answers JSON {person, token}.
const ASK_AFTER_MS = 3000;
const SURE_FOR_MS = 30_000;
const person = document.querySelector('meta[name="person"]')?.content ?? "";
const token = document.querySelector('meta[name="csrf-token"]');
const notice = document.querySelector("[data-token-url]");
let timer = 0;
let sureAt = Date.now();
const held = new WeakSet();

// What every request of ours carries: the form token of this page, and whose page it is, so that nobody else's session answers it.
export const ours = () => ({ "X-CSRFToken": token?.content ?? "", ...(person && { "X-Person": person }) });

// As fetch; a form token that another visit has made stale is taken anew, once.
export async function askServer(url, { headers, ...rest } = {}) {
  const send = () => fetch(url, { redirect: "error", ...rest, headers: { ...ours(), ...headers } });
  let answer = await send();
  if (answer.status === 400 && notice && await isStale(answer) && await isSignedIn()) answer = await send();
  if (answer.status === 401) signedOut();
  if (answer.ok) sureAt = Date.now();
  return answer;
}

const isStale = (answer) => answer.clone().json().then(({ error }) => error.code === "stale_form", () => false);

// Somebody else's request was answered with 401.
export function signedOut() {
  if (!notice) return;
  notice.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(isSignedIn, ASK_AFTER_MS);
}

// Whether the person of this page is signed in now; the page then goes on. No answer (null) says nothing about it.
async function isSignedIn() {
  const answer = await fetch(notice.dataset.tokenUrl, { redirect: "error" }).catch(() => null);
  const now = answer?.ok ? await answer.json().catch(() => null) : null;
  if (now?.person !== person) {
    if (now || !notice.hidden) signedOut();
    return now && false;
  }
  for (const field of [token, ...document.querySelectorAll('input[name="csrf_token"]')]) field.setAttribute(field === token ? "content" : "value", now.token);
  clearTimeout(timer);
  sureAt = Date.now();
  if (!notice.hidden) {
    notice.hidden = true;
    document.dispatchEvent(new Event("signed-in-again"));
  }
  return true;
}

// On the window, so that whoever takes a form over has done so before.
async function sendWhenSure(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || Date.now() - sureAt < SURE_FOR_MS) return;
  event.preventDefault();
  if (held.has(form)) return;
  held.add(form);
  const isSure = await isSignedIn();
  held.delete(form);
  if (isSure) form.requestSubmit(event.submitter);
  else if (isSure === null) document.dispatchEvent(new Event("went-wrong"));
}

// Who comes back to a page may have signed out, or in again, in between.
if (notice) {
  addEventListener("submit", sendWhenSure);
  addEventListener("focus", isSignedIn);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) isSignedIn(); });
}
