// A large file, in pieces. A piece that is lost on the way is sent again by itself; what has arrived stays with the server for a day,
// also after the tab was closed: the same file, chosen again, goes on where it stopped.
import { ours } from "./asking.js";

export const PIECE_BYTES = 8 * 1024 * 1024;
const PAUSES = [1000, 4000, 12000];
const LONGEST_SILENCE = 60000;

// Gives the id to send as `uploaded` once the whole file is with the server. `upload` is { url, file, progress(share) }; its `id` is kept
// there, so that calling again goes on. Throws the request (XMLHttpRequest) that was refused, or not answered at all (status 0).
export async function sendInPieces(upload) {
  let arrived = await patiently(() => whereItStands(upload));
  while (arrived < upload.file.size) {
    const from = arrived;
    upload.progress(from / upload.file.size);
    arrived = await patiently(() => sendPiece(upload, from));
  }
  upload.progress(1);
  return upload.id;
}

// What has arrived is not wanted any more.
export function leavePiecesOut(upload) {
  if (upload.id) ask("POST", `${upload.url}/${upload.id}/leave-out`).catch(() => {});
}

async function whereItStands(upload) {
  if (upload.id) {
    try {
      return arrivedOf(await ask("GET", `${upload.url}/${upload.id}`));
    } catch (request) {
      if (request.status !== 404) throw request;
    }
  }
  const { name, size, lastModified } = upload.file;
  const begun = await ask("POST", upload.url, new URLSearchParams({ name, size, mark: lastModified }));
  upload.id = JSON.parse(begun.responseText).id;
  return arrivedOf(begun);
}

async function sendPiece(upload, from) {
  const { file } = upload;
  const piece = file.slice(from, from + PIECE_BYTES, "application/octet-stream");
  const sent = (bytes) => upload.progress((from + Math.min(bytes, piece.size)) / file.size);
  return arrivedOf(await ask("POST", `${upload.url}/${upload.id}?at=${from}`, piece, sent));
}

const arrivedOf = (request) => JSON.parse(request.responseText).arrived;

// A lost line and a server that is just being started again are waited for; what was refused is not asked again.
async function patiently(attempt) {
  for (const pause of PAUSES) {
    try {
      return await attempt();
    } catch (request) {
      if (![0, 502, 503, 504].includes(request.status)) throw request;
    }
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
  return attempt();
}

function ask(method, url, body = null, sent = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => { request.abort(); }, LONGEST_SILENCE);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(ours())) request.setRequestHeader(name, value);
    request.setRequestHeader("HX-Request", "true");
    if (body instanceof Blob) request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => { listen(); sent(event.loaded); });
    request.addEventListener("loadend", () => {
      clearTimeout(silence);
      // 409 tells where the file stands, as when a piece did arrive and only its answer was lost.
      if ((request.status >= 200 && request.status < 300) || request.status === 409) resolve(request);
      else reject(request);
    });
    listen();
    request.send(body);
  });
}
