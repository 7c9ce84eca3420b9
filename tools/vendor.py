"""Fetch what the pages borrow from npm, pinned, with licence and hash: run by hand, its result is committed.

`npm pack` brings each package from whatever registry npm is set up for, npm checks it against the registry's integrity
value, and we keep that value with the SHA-256 of every file in `vendor.json`; a test checks them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
STATIC = HERE.parent / "evidence_app" / "static"
VENDOR = STATIC / "vendor"
SPRITE = STATIC / "img" / "icons.svg"
SYMBOL_LOOK = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'


@dataclass(frozen=True)
class Package:
    """One npm package: `files` are paths inside it, and the folder under `vendor/` is `<name>-<version>`."""

    name: str
    npm_name: str
    version: str
    licence: str
    files: tuple[str, ...]
    licence_file: str = "LICENSE"


def _font_files(family: str) -> tuple[str, ...]:
    return tuple(
        f"files/{family}-{subset}-wght-{style}.woff2"
        for subset in ("latin", "latin-ext")
        for style in ("normal", "italic")
    )


PACKAGES = (
    Package("bootstrap", "bootstrap", "5.3.9", "MIT", ("dist/css/bootstrap.min.css",)),
    Package("htmx", "htmx.org", "2.0.11", "0BSD", ("dist/htmx.min.js",)),
    Package("inter", "@fontsource-variable/inter", "5.3.0", "OFL-1.1", _font_files("inter")),
    Package("source-serif-4", "@fontsource-variable/source-serif-4", "5.3.1", "OFL-1.1", _font_files("source-serif-4")),
)
ICONS = Package("tabler-icons", "@tabler/icons", "3.51.0", "MIT", ())


def unpack(package: Package, folder: Path) -> tuple[Path, str]:
    """The unpacked package's folder and npm's integrity value; raises CalledProcessError when npm fails."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed; it is needed to fetch what the pages borrow")
    command = [npm, "pack", "--json", "--pack-destination", str(folder), f"{package.npm_name}@{package.version}"]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    target = folder / package.name
    with tarfile.open(folder / Path(entry["filename"]).name) as archive:
        archive.extractall(target, filter="data")
    return target / "package", entry["integrity"]


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(package: Package, integrity: str, files: Sequence[Path]) -> dict[str, object]:
    """One entry of `vendor.json`; file paths are relative to `static/`."""
    return {
        "name": package.name,
        "npm": package.npm_name,
        "version": package.version,
        "licence": package.licence,
        "integrity": integrity,
        "files": {str(path.relative_to(STATIC)): sha256_of(path) for path in sorted(files)},
    }


def install(package: Package, folder: Path) -> dict[str, object]:
    """The record of a package whose files now lie under `vendor/`."""
    source, integrity = unpack(package, folder)
    target = VENDOR / f"{package.name}-{package.version}"
    target.mkdir(parents=True)
    written = [target / "LICENSE"]
    shutil.copyfile(source / package.licence_file, written[0])
    for name in package.files:
        written.append(target / Path(name).name)
        shutil.copyfile(source / name, written[-1])
    return record(package, integrity, written)


def symbol(name: str, outlines: Path) -> str:
    """One outline as a symbol of the sprite."""
    inner = re.sub(r"<!--.*?-->", "", (outlines / name).with_suffix(".svg").read_text(), flags=re.DOTALL)
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", inner, flags=re.DOTALL)
    return f'<symbol id="{name}" viewBox="0 0 24 24" {SYMBOL_LOOK}>{" ".join(inner.split())}</symbol>'


def build_sprite(folder: Path) -> dict[str, object]:
    """The record of the icon sprite, built from the names in `icons.txt` and our own signs; exits on unknown names."""
    source, integrity = unpack(ICONS, folder)
    outlines = source / "icons" / "outline"
    names = [line for line in (HERE / "icons.txt").read_text().splitlines() if line and not line.startswith("#")]
    unknown = [name for name in names if not (outlines / f"{name}.svg").exists()]
    if unknown:
        sys.exit(f"{ICONS.npm_name} {ICONS.version} does not have: {', '.join(unknown)}; correct tools/icons.txt")
    own = re.findall(r"<symbol .*?</symbol>", (HERE / "own_icons.svg").read_text(), flags=re.DOTALL)
    head = f"<!-- Outlines: Tabler Icons {ICONS.version}, MIT, see vendor/. bars-*, pie-* and mark are our own. -->"
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        head,
        *(symbol(name, outlines) for name in names),
        *own,
        "</svg>",
    ]
    SPRITE.write_text("\n".join(lines) + "\n")
    licence = VENDOR / f"{ICONS.name}-{ICONS.version}" / "LICENSE"
    licence.parent.mkdir(parents=True)
    shutil.copyfile(source / ICONS.licence_file, licence)
    return record(ICONS, integrity, [licence, SPRITE])


def main() -> None:
    """Fill `vendor/` and the sprite anew, and write `vendor.json`."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    SPRITE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        records = [install(package, Path(name)) for package in PACKAGES]
        records.append(build_sprite(Path(name)))
    (VENDOR / "vendor.json").write_text(json.dumps(records, indent=2) + "\n")


if __name__ == "__main__":
    main()
