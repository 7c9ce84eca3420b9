"""What every form of ours shares: translated labels, and errors of the domain shown at the field they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError
from wtforms.fields import choices as wtforms_choices

from evidence_app.errors import AppError, Invalid
from evidence_app.i18n import msg
from evidence_app.typed import typed_text
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


def read_day(written: str) -> date | None:
    """The day that was written, None for an empty text; Invalid for what is no day."""
    written = written.strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise Invalid(
            msg("'%(day)s' is not a day. Nothing was saved; write it like 2027-03-09.", day=written)
        ) from error


class AtMost:
    """Refuses what is longer than the domain takes; the form says the limit before anything is sent."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.field_flags = {"longest": longest}

    def __call__(self, _form: Any, field: Field) -> None:
        """ValidationError, in the words of the domain, for a text that is too long."""
        try:
            typed_text(field.data or "", field.name, self.longest)
        except AppError as error:
            raise ValidationError(str(error.message.in_language(language()))) from error


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """The (value, words) pairs as WTForms wants its choices; plain tuples go out of use in its 3.4."""
    return [wtforms_choices.SelectChoice(value, words) for value, words in pairs]  # type: ignore[attr-defined]
