// <p data-room-for="ID" data-longest="300" data-words="%(num)s of %(most)s characters">: said once a text comes near.
const NEAR = 0.9;

document.addEventListener("input", ({ target }) => {
  const room = target.id && document.querySelector(`[data-room-for="${CSS.escape(target.id)}"]`);
  if (!room) return;
  const { longest, words } = room.dataset;
  const typed = [...target.value].length;
  room.textContent = typed < NEAR * longest ? "" : words.replace("%(num)s", typed).replace("%(most)s", longest);
});
