"""How the codes of a framework are built, so that a code alone tells its level, its parent and its programme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CodeRule:
    """One shape a code may have. `parent` is a template over the pattern's groups ("\\g<practice>"), empty for a root
    or where each node names its parent itself; `programmes` maps the text of the group "programme" to a programme."""

    level: str
    pattern: re.Pattern[str]
    kind: str = ""
    parent: str = ""
    example: str = ""
    programmes: Mapping[str, str] = field(default_factory=dict, hash=False)

    def matches(self, code: str) -> bool:
        """Whether the whole code has this shape."""
        return self.pattern.fullmatch(code) is not None

    def parent_of(self, code: str) -> str:
        """The parent's code as the grammar gives it; empty if it gives none or the code has another shape."""
        found = self.pattern.fullmatch(code)
        return found.expand(self.parent) if found and self.parent else ""

    def programme_of(self, code: str) -> str:
        """The one programme the code itself speaks of; empty if it speaks of none."""
        found = self.pattern.fullmatch(code)
        return self.programmes.get(found["programme"], "") if found and self.programmes else ""
