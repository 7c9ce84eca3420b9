"""Names of files as they arrive from outside, made fit to keep and to show."""

from __future__ import annotations

import re
import unicodedata

from evidence_app.texts import clean_line

LONGEST_NAME_BYTES = 240
LONGEST_STEM = 120
VERSION_MARKS = re.compile(
    r"""
    \(\d{1,3}\)                                                    # "(2)"
    | \b(?:v|ver|vers|version|versione|versión|rev|revision|révision|revisione|revisión)[ ._-]?\d+(?:[._]\d+)*\b
    | \b(?:copy|copie|copia|kopie)(?:[ _-]+(?:of|de|di|von))?\b
    | \b(?:final|finale|définitif|définitive|definitivo|definitiva|draft|brouillon|borrador|bozza|entwurf|clean|old|new
        |nouveau|nouvelle|nuevo|nueva|nuovo|nuova|ancien|ancienne|antiguo|vecchio|corrected|corrigé|corregido|corretto
        |revised|révisé|revisado|revisto|updated|actualizado|aggiornato)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What people and programs add to the name of a file to tell its versions apart, in our languages."""
SAVED_ON = re.compile(r"(?<=\S)\s+20\d\d[01]\d[0-3]\d\s*$")
"""The day a version was saved, at the end of a name of several words; after one word it is the day of a meeting."""
NAMES_OF_NOTHING = re.compile(
    r"""audio|bild|captura|capture|clip|dji|doc|document|documento|dscf?n?|file|fichier|foto|gopr|image|imagen|immagine|img
    |mov|movie|mvimg|notes?|photo|pict|picture|presentation|pxl|scan|scansione|schermata|screenshot|signal|unnamed|untitled
    |vid|video|whatsapp""",
    re.VERBOSE,
)
"""Names that cameras, scanners and programs give to everything."""


def clean_file_name(name: str) -> str:
    """A file's own name, without folders, at most 240 bytes long with its ending; "unnamed" when nothing is left."""
    name = clean_line(re.split(r"[/\\]", name)[-1], 100_000).strip(". ") or "unnamed"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + ending


def title_from(file_name: str) -> str:
    """A readable first title: the name without its ending, with underscores as spaces."""
    stem, dot, ending = file_name.rpartition(".")
    bare = stem if dot and len(ending) <= 5 else file_name
    return clean_line(bare.replace("_", " ")) or file_name


def copies_key(title: str, file_name: str) -> str:
    """What an item shares with its likely versions and copies: the stem of its file's name, or else its title."""
    return version_stem(file_name) or f"title {title.casefold()}"


def version_stem(file_name: str) -> str:
    """What the name of a file has in common with those of its other versions, folded; "" where it says nothing.

    "Copy of Inclusion policy v4 FINAL (2).docx" -> "inclusion policy". Years and other numbers stay: the minutes of
    two years are two documents.
    """
    stem, dot, ending = unicodedata.normalize("NFC", file_name).rpartition(".")
    bare = stem if dot and len(ending) <= 5 else file_name
    bare = VERSION_MARKS.sub(" ", bare.replace("_", " ")).strip()
    bare = SAVED_ON.sub("", bare) if len(bare.split()) > 2 else bare
    folded = "".join(c for c in unicodedata.normalize("NFD", bare.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", folded)
    is_telling = any(len(word) > 2 and not word.isdigit() and not NAMES_OF_NOTHING.fullmatch(word) for word in words)
    return " ".join(words)[:LONGEST_STEM] if is_telling else ""
