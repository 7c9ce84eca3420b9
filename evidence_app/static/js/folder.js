// A folder as one or several ZIP files that are made while they are sent: nothing is copied, a ZIP is the files themselves with a few bytes
// between them. Files are stored and not squeezed; what a school files is squeezed already.

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const NAME_IS_UTF8 = 0x0800;
const MOST_BYTES = 0xfffffffe;
const MOST_FILES = 50000;
const OVERHEAD = 92;

// What a drop or a folder's own button gave: the folders in it, each { name, files } with files as [{ path, file }]. Null where there is none.
// Call it while the event is being told: what was dropped is gone afterwards.
export function foldersIn(transfer) {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return null;
  return { folders: entries.filter((entry) => entry.isDirectory), loose: entries.filter((entry) => entry.isFile) };
}

// Every file below a folder that was dropped, by its path. Throws an Error that names the one that cannot be read.
export async function filesBelow(folder, path = "") {
  const found = [];
  const reader = folder.createReader();
  for (;;) {
    // A reader gives a hundred at a time, and none in the end.
    const entries = await asked((give, fail) => { reader.readEntries(give, fail); }, path + folder.name);
    if (!entries.length) return found;
    for (const entry of entries) {
      const here = `${path}${entry.name}`;
      if (entry.isDirectory) found.push(...await filesBelow(entry, `${here}/`));
      else found.push({ path: here, file: await asked((give, fail) => { entry.file(give, fail); }, here) });
    }
  }
}

// The same of a file input with `webkitdirectory`.
export function filesOf(input) {
  const files = [...input.files];
  const name = files[0]?.webkitRelativePath.split("/")[0] ?? "";
  return { name, files: files.map((file) => ({ path: file.webkitRelativePath.slice(name.length + 1), file })) };
}

// The folder as ZIP files of at most `mostBytes` each. `tell(share)` is called while the files are read once for their checksums.
export async function packed(name, files, mostBytes, tell) {
  const sorted = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  const total = sorted.reduce((sum, { file }) => sum + file.size, 0) || 1;
  const parts = inParts(sorted, Math.min(mostBytes, MOST_BYTES));
  let read = 0;
  const zips = [];
  for (const [number, part] of parts.entries()) {
    const entries = [];
    for (const { path, file } of part) {
      const crc = await checksum(file, path, (bytes) => { read += bytes; tell(read / total); });
      entries.push({ path: new TextEncoder().encode(path), file, crc });
    }
    const called = parts.length > 1 ? `${name} (${number + 1}, ${parts.length}).zip` : `${name}.zip`;
    zips.push(zipOf(called, entries));
  }
  return zips;
}

function inParts(files, mostBytes) {
  const parts = [];
  let room = 0;
  for (const each of files) {
    const wanted = each.file.size + OVERHEAD + 6 * each.path.length;
    if (!parts.length || wanted > room || parts.at(-1).length >= MOST_FILES) {
      parts.push([]);
      room = mostBytes;
    }
    parts.at(-1).push(each);
    room -= wanted;
  }
  return parts;
}

function zipOf(name, entries) {
  const parts = [];
  const list = [];
  let offset = 0;
  let listed = 0;
  for (const { path, file, crc } of entries) {
    const about = [20, NAME_IS_UTF8, 0, ...momentOf(file)];
    const sizes = [crc, file.size, file.size];
    parts.push(bytes([LOCAL], about, sizes, [path.length, 0]), path, file);
    list.push(bytes([CENTRAL], [20, ...about], sizes, [path.length, 0, 0, 0, 0], [0, offset]), path);
    offset += 30 + path.length + file.size;
    listed += 46 + path.length;
  }
  const end = bytes([END], [0, 0, entries.length, entries.length], [listed, offset], [0]);
  const newest = Math.max(0, ...entries.map(({ file }) => file.lastModified));
  return new File([...parts, ...list, end], name, { type: "application/zip", lastModified: newest });
}

// Numbers as a ZIP has them, lowest byte first: groups of four bytes and of two take turns.
function bytes(...groups) {
  const widths = groups.map((_, index) => (index % 2 ? 2 : 4));
  const view = new DataView(new ArrayBuffer(groups.reduce((sum, group, index) => sum + group.length * widths[index], 0)));
  let at = 0;
  for (const [index, group] of groups.entries()) {
    for (const number of group) {
      if (widths[index] === 4) view.setUint32(at, number >>> 0, true);
      else view.setUint16(at, number, true);
      at += widths[index];
    }
  }
  return view.buffer;
}

// Time and day as a ZIP has them: two seconds at a time, from 1980 on.
function momentOf(file) {
  const moment = new Date(Math.max(file.lastModified, Date.UTC(1980, 0, 2)));
  return [
    (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1),
    ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate(),
  ];
}

const TABLE = Uint32Array.from({ length: 256 }, (_, number) => {
  let value = number;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

async function checksum(file, path, tell) {
  let crc = 0xffffffff;
  try {
    const reader = file.stream().getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      for (const byte of read.value) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
      tell(read.value.length);
    }
  } catch (error) {
    throw new Error(path, { cause: error });
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function asked(ask, path) {
  return new Promise((give, fail) => { ask(give, (error) => { fail(new Error(path, { cause: error })); }); });
}
