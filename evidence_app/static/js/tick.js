// <input type="checkbox" data-tick-all="SELECTOR">: ticks all of these boxes, or none, before anybody counts them.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  for (const box of document.querySelectorAll(all.dataset.tickAll)) box.checked = all.checked;
}, true);
