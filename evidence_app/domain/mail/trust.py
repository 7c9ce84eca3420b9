"""Whether a mail is from whom it says: what the school's own receiving server has checked, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([a-z-]+)\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"([a-z]+\.[a-z-]+)\s*=\s*([^\s;]+)", re.IGNORECASE)
_NAMES_DOMAIN = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
"""Check -> where in its result the domain stands that it speaks for."""


def is_vouched_for(sender: str, results: Sequence[str], trusted_server: str) -> bool:
    """Whether the topmost of these results is of the server that is trusted, and says the sender's domain was proved.

    Every server puts its own result above those that came with the mail, which anybody may have written.
    """
    if not (trusted_server and results):
        return False
    result = _without_comments(results[0])
    # Within quotes or a bracket that was never closed, a sender may write what looks like a result.
    if any(sign in result for sign in '"()'):
        return False
    server, *checks = result.split(";")
    if server.lower().split()[:1] != [trusted_server.lower()]:
        return False
    domain = sender.rpartition("@")[2].lower()
    return any(_proves(check, domain) for check in checks)


def _without_comments(result: str) -> str:
    """The result without what stands in brackets, also in brackets within brackets: a sender may have written it."""
    while (shorter := _COMMENT.sub(" ", result)) != result:
        result = shorter
    return result


def _proves(check: str, domain: str) -> bool:
    found = _RESULT.match(check)
    if found is None or found[2].lower() != "pass":
        return False
    wanted = _NAMES_DOMAIN.get(found[1].lower(), ())
    named = [value.lower().rpartition("@")[2] for name, value in _PROPERTY.findall(found[3]) if name.lower() in wanted]
    return bool(domain) and domain in named
