"""What every form promises: a text that is typed has a limit, and the form says it before anything is sent."""

from __future__ import annotations

from wtforms import StringField, TextAreaField

import evidence_app.app  # every page, and so every form
from evidence_app.web.forms import AtMost, Form

CHECKED_BY_THEIR_GRAMMAR = {"email", "key", "url"}
WRITTEN_DOWN = {"names", "text"}
"""Names of visitors, one a line; a note, which is a file and may be as long as one."""
OF_A_SERVER = {"address", "host", "user", "folder", "trusted_server"}


def test_every_text_of_a_form_has_a_limit() -> None:
    assert evidence_app.app.create_app
    without = {
        f"{form.__name__}.{name}"
        for form in _forms(Form)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) in (StringField, TextAreaField)
        and not any(isinstance(check, AtMost) for check in _checks(field))
        and name not in CHECKED_BY_THEIR_GRAMMAR | WRITTEN_DOWN | OF_A_SERVER
    }
    assert without == set()


def _forms(form: type) -> list[type]:
    return [one for below in form.__subclasses__() for one in (below, *_forms(below))]


def _checks(field: object) -> list[object]:
    given = [*field.args[1:2], field.kwargs.get("validators")]  # type: ignore[attr-defined]
    return [check for checks in given if checks for check in checks]
