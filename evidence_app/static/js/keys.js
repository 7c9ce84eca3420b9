// Single keys: "/" goes to the search box; below an element with data-keys, data-key="a" is pressed by A (a field is
// focused, a summary opened). A checkbox with data-keys-switch turns them all off for people whose speech or switch
// device types by accident; the browser remembers it.
const REMEMBERED = "keys-off";
const isOff = () => localStorage.getItem(REMEMBERED) === "1";

for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = !isOff();
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-switch]")) return;
  if (event.target.checked) localStorage.removeItem(REMEMBERED);
  else localStorage.setItem(REMEMBERED, "1");
});

document.addEventListener("keydown", (event) => {
  if (isOff() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const target = event.key === "/" ? searchBox() : keyed(event.key.toLowerCase());
  if (!target) return;
  event.preventDefault();
  if (target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select')) {
    target.focus();
    target.select?.();
  } else if (target.matches("summary")) {
    const fold = target.parentElement;
    fold.open = true;
    (fold.querySelector('select, textarea, input:not([type="hidden"])') ?? target).focus();
  } else {
    target.click();
  }
});

function keyed(key) {
  const name = CSS.escape(key);
  return [...document.querySelectorAll(`[data-keys] [data-key="${name}"], [data-keys][data-key="${name}"]`)].find(isShown);
}

function searchBox() {
  return [...document.querySelectorAll('[data-focus-key="/"]')].reverse().find(isShown);
}

function isShown(element) {
  return element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : element.offsetParent !== null;
}

function isTyping(element) {
  return element.isContentEditable || element.matches('textarea, select, input:not([type="radio"], [type="checkbox"], [type="submit"])');
}
