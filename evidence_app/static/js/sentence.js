// Evidence for a sentence: [data-sentence-open] puts what is chosen in the text, or the sentence at the caret, into
// <form data-sentence-form>, which finds what speaks of it; the answer's [data-fitting] gets the focus.
const ENDS = /[.!?\n]/;

export function watchSentences(text) {
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-sentence-open]") && document.querySelector("form[data-sentence-form]");
    if (!form) return;
    const fold = form.closest("details");
    if (fold) fold.open = true;
    form.elements.sentence.value = sentence(text);
    if (form.elements.sentence.value) form.requestSubmit();
    else form.elements.sentence.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt.matches("form[data-sentence-form]")) document.querySelector("[data-fitting]")?.focus();
  });
}

function sentence(text) {
  const { selectionStart: from, selectionEnd: to, value } = text;
  if (to > from) return value.slice(from, to).trim();
  let begin = from, end = from;
  while (begin > 0 && !ENDS.test(value[begin - 1])) begin -= 1;
  while (end < value.length && !ENDS.test(value[end])) end += 1;
  // What is cited comes in behind the sentence, not into the middle of it.
  text.setSelectionRange(end + (value[end] === "." ? 1 : 0), end + (value[end] === "." ? 1 : 0));
  return value.slice(begin, end).trim();
}
