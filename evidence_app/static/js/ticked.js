// What a suggestion has ticked is named in the bar that saves it until it was seen where it is ticked.
//
// [data-ticked] in the bar, with a [data-ticked-on="card-…"] for each card.
import { highestShown, lowestShown } from "./following.js";

const seen = new Set();
let due = 0;

function look() {
  const bar = document.querySelector("[data-ticked]:not([hidden])");
  if (!bar || document.hidden) return;
  const highest = highestShown();
  const lowest = lowestShown();
  let shown = 0;
  let hid = false;
  for (const line of bar.querySelectorAll("[data-ticked-on]:not([hidden])")) {
    const ticks = document.querySelectorAll(`#${CSS.escape(line.dataset.tickedOn)} .chip input:checked`);
    for (const tick of ticks) {
      const { top, bottom } = tick.closest(".chip").getBoundingClientRect();
      if (top >= highest && bottom <= lowest) seen.add(tick.name + tick.value);
    }
    line.hidden = [...ticks].every((tick) => seen.has(tick.name + tick.value));
    if (line.hidden) hid = true;
    else shown += 1;
  }
  bar.hidden = !shown;
  // The bar takes less room now.
  if (hid) lookSoon();
}

function lookSoon() {
  cancelAnimationFrame(due);
  due = requestAnimationFrame(look);
}

for (const name of ["scroll", "resize", "change", "visibilitychange", "htmx:afterSettle"]) {
  addEventListener(name, lookSoon, { passive: true, capture: true });
}
lookSoon();
