"""What every form of ours shares: translated labels, and errors of the domain shown at the field they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms.fields import choices as wtforms_choices

from evidence_app.errors import AppError
from evidence_app.web.templating import language

_ = lazy_gettext


class Form(FlaskForm):
    """A form whose fields can carry errors that the domain found."""

    form_errors: list[Any]

    def take_error(self, error: AppError) -> None:
        """Show a domain error at its field, or above the form when it belongs to none."""
        words = error.message.in_language(language())
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors = [*self.form_errors, words]
        else:
            field.errors = [*field.errors, words]


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """The (value, words) pairs as WTForms wants its choices; plain tuples go out of use in its 3.4."""
    return [wtforms_choices.SelectChoice(value, words) for value, words in pairs]  # type: ignore[attr-defined]
