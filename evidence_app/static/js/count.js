// <b data-count-of="SELECTOR" hidden>: how many of these boxes are ticked, said as they are ticked.
function count() {
  for (const place of document.querySelectorAll("[data-count-of]")) {
    place.textContent = document.querySelectorAll(`${place.dataset.countOf}:checked`).length;
    place.hidden = false;
  }
}

document.addEventListener("change", count);
document.addEventListener("htmx:load", count);
count();
