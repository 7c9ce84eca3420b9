// What has just come onto the page is brought into view above the bar at its foot, and stays there while it is drawn anew and grows:
// at the moment it comes, a page is often too short to be scrolled that far. Whoever scrolls, taps or types is left alone from then on.
const ENOUGH_PX = 320;
let followed = null;

// Follow this element; its focus is taken only from nowhere, or from `within` which brought it.
export function follow(element, within) {
  followed = element;
  element.tabIndex = -1;
  if ([document.body, null].includes(document.activeElement) || within?.contains(document.activeElement)) element.focus({ preventScroll: true });
  bring();
}

// Another element stands in the place of one that may be followed.
export function goOnWith(before, element, replace) {
  const hadFocus = before.contains(document.activeElement);
  replace();
  if (hadFocus && element) element.focus({ preventScroll: true });
  if (followed !== before) return;
  followed = element;
  bring();
}

function bring() {
  if (followed && !followed.isConnected) followed = followed.id ? document.getElementById(followed.id) : null;
  if (!followed) return;
  const { top, bottom } = followed.getBoundingClientRect();
  if (top >= highestShown() - 1 && Math.min(bottom, top + ENOUGH_PX) <= lowestShown()) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  followed.scrollIntoView({ block: "start", behavior: isStill ? "instant" : "smooth" });
}

// Where what stands at the head of the window ends.
export function highestShown() {
  return Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
}

// Where what stands at the foot of the window begins.
export function lowestShown() {
  const bars = [...document.querySelectorAll(".savebar, .tabs")].map((bar) => bar.getBoundingClientRect()).filter((bar) => bar.height);
  return Math.min(innerHeight, ...bars.map((bar) => bar.top));
}

for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  document.addEventListener(name, () => { followed = null; }, { passive: true });
}
document.addEventListener("htmx:afterSettle", bring);
