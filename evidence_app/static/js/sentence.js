// Evidence for a sentence: [data-sentence-open] puts what is chosen in the text, or the sentence at the caret, into
// <form data-sentence-form>, which finds what speaks of it; the answer's [data-fitting] gets the focus.
// [data-sentence-missing] in the form says that the text holds no sentence yet.
const SENTENCES = /[^.!?…\n]+[.!?…]*/g;
const MARKS = /!?\[\[[^[\]\n]*\]\]|!\[[^\]\n]*\]\(E-[^)\s]*\)/g;
const WORDS = /[\p{L}\p{N}]/u;

export function watchSentences(text) {
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-sentence-open]") && document.querySelector("form[data-sentence-form]");
    if (!form) return;
    const fold = form.closest("details");
    if (fold) fold.open = true;
    const found = sentence(text);
    form.querySelector("[data-sentence-missing]").hidden = Boolean(found);
    form.elements.sentence.value = found.slice(0, form.elements.sentence.maxLength);
    if (found) form.requestSubmit();
    else form.elements.sentence.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt.matches("form[data-sentence-form]")) document.querySelector("[data-fitting]")?.focus();
  });
}

function sentence(text) {
  const { selectionStart: from, selectionEnd: to } = text;
  // What is cited is no words of the sentence; blanks of the same length keep every place in the text.
  const words = text.value.replace(MARKS, (mark) => " ".repeat(mark.length));
  const chosen = plain(words.slice(from, to));
  if (chosen) return chosen;
  const all = [...words.matchAll(SENTENCES)].filter(([one]) => WORDS.test(one));
  const found = all.findLast(({ index }) => index < from) ?? all[0];
  if (!found) return "";
  // What is cited comes in behind the sentence, not into the middle of it.
  const end = found.index + found[0].trimEnd().length;
  text.setSelectionRange(end, end);
  return plain(found[0]);
}

function plain(words) {
  return WORDS.test(words) ? words.replace(/\s+/g, " ").trim() : "";
}
