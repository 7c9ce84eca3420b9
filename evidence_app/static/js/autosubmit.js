// Filters that need no button: <form data-autosubmit> goes off shortly after a choice, so that several ticks are one request.
const WAIT_MS = 250;
const waiting = new WeakMap();

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-autosubmit]") || event.target.matches('[type="search"], [type="text"], textarea')) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => form.requestSubmit(), WAIT_MS));
});
