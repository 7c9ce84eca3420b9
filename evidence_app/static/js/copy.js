// <button data-copy="#id" data-copied="Copied" hidden>: puts the text of another element (or its value) on the clipboard.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const text = source.value ?? source.textContent.trim();
  if (await put(text, source)) say(button);
});

async function put(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS there is no clipboard for pages: the text is selected, so that Ctrl+C does it.
    if (source.select) source.select();
    else window.getSelection().selectAllChildren(source);
    return false;
  }
}

function say(button) {
  const place = button.querySelector("[data-copy-words]") ?? button;
  const before = place.textContent;
  place.textContent = button.dataset.copied;
  setTimeout(() => { place.textContent = before; }, 2000);
}
