// Words put into a text area as if they were typed.
// insertText keeps the browser's own undo; setRangeText is the way where it is gone.
export function put(text, from, to, words) {
  text.focus();
  text.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, from, to, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}
