// A form that is sent as a whole, with one file in it: a large file goes to the server in pieces first, and the form then names it in the
// field `uploaded` in place of the file.
//
// <form data-pieces-url> with <input type="file" name="files"> and a [data-on-its-way]; see forms.html, macro on_its_way.
import { PIECE_BYTES, sendInPieces } from "./pieces.js";
import { progress, reasonFor } from "./upload.js";

function takeOver(form) {
  const input = form.querySelector('input[type="file"][name="files"]');
  const card = form.querySelector("[data-on-its-way]");
  let upload = null;
  form.addEventListener("submit", (event) => {
    const [file] = input.files;
    if (!file || file.size <= PIECE_BYTES) return;
    event.preventDefault();
    if (upload?.file !== file) upload = { url: form.dataset.piecesUrl, file, progress: (share) => { progress({ card, file }, share); } };
    send(upload);
  });

  async function send(pieces) {
    const buttons = form.querySelectorAll("button");
    const reason = card.querySelector("[data-reason]");
    for (const button of buttons) button.disabled = true;
    card.hidden = false;
    reason.hidden = true;
    try {
      await sendInPieces(pieces);
      sendNaming(pieces.id);
    } catch (request) {
      reason.textContent = reasonFor(reason, request);
      reason.hidden = false;
      for (const button of buttons) button.disabled = false;
    }
  }

  function sendNaming(id) {
    const named = document.createElement("input");
    named.type = "hidden";
    named.name = "uploaded";
    named.value = id;
    form.append(named);
    input.disabled = true;
    form.submit();
  }
}

for (const form of document.querySelectorAll("form[data-pieces-url]:not([data-upload-url])")) takeOver(form);
