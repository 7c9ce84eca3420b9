"""What a browser calls itself, in words: people look for "Firefox on Windows" when they end a visit of theirs."""

from __future__ import annotations

from evidence_app.i18n import Message, msg

NAMES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""A piece of the user agent -> the browser. The first that fits counts: nearly all of them say they are Safari too."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> Message:
    """The browser and its system, as far as they say so."""
    name = next((words for piece, words in NAMES if piece in user_agent), "")
    system = next((words for piece, words in SYSTEMS if piece in user_agent), "")
    if name and system:
        return msg("%(browser)s on %(system)s", browser=name, system=system)
    return msg("%(words)s", words=name or system) if name or system else msg("Another browser")
