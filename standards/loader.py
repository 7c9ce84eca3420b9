"""One catalogue file, and the translations and keywords beside it -> Catalogue; unsound files raise CatalogueError.

The form of a file is told in `data/README.md`.
"""

from __future__ import annotations

import functools
from importlib import resources
from importlib.resources.abc import Traversable

from standards.frame import Frame, read_frame
from standards.model import LANGUAGES, Catalogue, CatalogueError, Node
from standards.nodes import read_nodes
from standards.sidefiles import SideWords, read_keywords, read_translation
from standards.yaml_text import parse

DATA = resources.files("standards") / "data"
ENDING = ".yaml"


def available() -> tuple[str, ...]:
    """The keys of the catalogues that come with the product, in alphabetical order."""
    names = (file.name.removesuffix(ENDING) for file in DATA.iterdir() if file.name.endswith(ENDING))
    return tuple(sorted(name for name in names if "." not in name))


@functools.cache
def load(key: str) -> Catalogue:
    """The catalogue of that key, read once per process; raises CatalogueError if there is none or it is not sound."""
    if key not in available():
        known = ", ".join(available())
        raise CatalogueError(f"{key}{ENDING}", 0, "", f"There is no framework {key!r}.", f"Known frameworks: {known}.")
    return read_folder(DATA, key)


def read_folder(folder: Traversable, key: str) -> Catalogue:
    """The catalogue `<key>.yaml` of a folder with the side files beside it; raises CatalogueError."""
    main = folder / f"{key}{ENDING}"
    sides: list[SideWords] = []
    frame, nodes = read_text(main.read_text("utf-8"), main.name)
    if frame.key != key:
        remedy = f"Name the file {frame.key}{ENDING}, or correct the key."
        raise CatalogueError(
            main.name, 0, "", f"The framework's key is {frame.key!r}, the file is called {key!r}.", remedy
        )
    codes = {node.code for node in nodes}
    for language in LANGUAGES:
        side = folder / f"{key}.{language}{ENDING}"
        if side.is_file():
            sides.append(read_translation(parse(side.read_text("utf-8"), side.name), key, language, codes))
    side = folder / f"{key}.keywords{ENDING}"
    if side.is_file():
        sides.append(read_keywords(parse(side.read_text("utf-8"), side.name), key, codes))
    for words in sides:
        nodes = [words.laid_over(node) for node in nodes]
    return frame.catalogue(nodes)


def catalogue_from_yaml(text: str, file: str) -> Catalogue:
    """A catalogue of a school's own, from the text of one file under the same checks; raises CatalogueError."""
    frame, nodes = read_text(text, file)
    return frame.catalogue(nodes)


def read_text(text: str, file: str) -> tuple[Frame, list[Node]]:
    """The frame and the nodes of one main file, without what lies beside it; raises CatalogueError."""
    root = parse(text, file)
    fields = root.fields("The file", ("schema", "framework", "nodes"), ("schema", "framework", "nodes"))
    fields["schema"].chosen("The schema", ("1",))
    frame = read_frame(fields["framework"])
    return frame, read_nodes(fields["nodes"], frame)
