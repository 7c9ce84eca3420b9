// Practices for what is chosen in the text of an item: [data-passage-open] puts it into <form data-passage-form>, which
// asks for practices; the answer gets the focus. What was chosen is remembered, since a tap on a button may clear it.
let chosen = "";

document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  const text = selection.anchorNode?.parentElement?.closest("#preview .paper");
  if (text && !selection.isCollapsed) chosen = selection.toString().trim();
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-passage-open]") && document.querySelector("form[data-passage-form]");
  if (!form) return;
  form.closest("details").open = true;
  form.elements.passage.value = chosen;
  form.elements.passage.focus();
  if (chosen) form.requestSubmit();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt.matches("form[data-passage-form]")) document.querySelector("#passage-found")?.focus();
});
