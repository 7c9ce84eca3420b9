"""The facts of an item as form fields: those that go with a whole batch, and all of one item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from evidence_app.database import now
from evidence_app.domain import schools
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import ItemFacts, Visibility, school_year_of
from evidence_app.extensions import actor, reading, school
from evidence_app.i18n import LANGUAGES
from evidence_app.typed import LONGEST_LINE, LONGEST_TEXT
from evidence_app.web.documents import document_kind_words, document_kinds
from evidence_app.web.forms import AtMost, Form
from evidence_app.web.templating import say

YEARS_BACK = 5
CARRIED = ("programmes", "year_group_id", "subject_id", "campus_id", "school_year", "visibility")
"""The fields of what goes with every file of a batch."""


def chosen_words(field: SelectField) -> str:
    """The words of what is chosen in a list."""
    return next((str(words) for value, words, chosen, _more in field.iter_choices() if chosen), "")


class PlaceForm(Form):
    """Where in the school something belongs, and who may see it."""

    year_group_id = SelectField(_("Grade"))
    subject_id = SelectField(_("Subject"))
    campus_id = SelectField(_("Campus"))
    school_year = SelectField(_("School year"))
    visibility = SelectField(
        _("Who can see it"),
        description=_("Private: you alone, until you name others on its page. Two custodians outlive an absence."),
    )

    def offer_places(self, facts: ItemFacts) -> None:
        """Fill the lists with what the school has, keeping what is chosen now although it may be older."""
        divisions = schools.divisions_of(reading(), actor())
        none = [("", _("Not said"))]
        self.year_group_id.choices = none + [(y.id, y.name) for y in divisions.year_groups]
        self.subject_id.choices = none + [(s.id, s.name) for s in divisions.subjects]
        self.campus_id.choices = none + [(c.id, c.name) for c in divisions.campuses]
        self.school_year.choices = none + [(year, year) for year in _years(facts.school_year)]
        released = can(actor(), Action.RELEASE_EVIDENCE) or facts.visibility == Visibility.PUBLIC
        offered = [v for v in Visibility if v != Visibility.PUBLIC or released]
        self.visibility.choices = [(v.value, say(v.label)) for v in offered]

    def visibility_words(self) -> str:
        """Who can see it, as it is chosen."""
        return chosen_words(self.visibility)

    def placed(self, facts: ItemFacts) -> ItemFacts:
        """The facts with what these fields say."""
        return replace(
            facts,
            year_group_id=self.year_group_id.data or None,
            subject_id=self.subject_id.data or None,
            campus_id=self.campus_id.data or None,
            school_year=self.school_year.data or "",
            visibility=Visibility(self.visibility.data),
        )


class CarryForm(PlaceForm):
    """What goes with every file of a batch."""

    programmes = SelectField(_("Programme"))

    @classmethod
    def for_facts(cls, facts: ItemFacts) -> CarryForm:
        """The form as posted, or with these facts where nothing was posted."""
        form = cls(data=_plain(facts) | {"programmes": ",".join(facts.programmes)})
        form.offer_places(facts)
        single = [p for p in school().programmes if not actor().programmes or p in actor().programmes]
        several = [",".join(facts.programmes)] if len(facts.programmes) > 1 else []
        whole = [] if actor().programmes else [("", _("Whole school"))]
        form.programmes.choices = whole + [(value, value.replace(",", ", ")) for value in several + single]
        return form

    def choose(self, kept: Mapping[str, str]) -> None:
        """Choose again what was chosen here and not saved, where it is still to be had."""
        for name, value in kept.items():
            if name in CARRIED and value in {choice for choice, *_rest in self[name].iter_choices()}:
                self[name].data = value

    def facts(self) -> ItemFacts:
        """The facts that were chosen."""
        chosen = tuple(p for p in (self.programmes.data or "").split(",") if p)
        return self.placed(ItemFacts(programmes=chosen))

    def in_words(self) -> list[str]:
        """What is chosen, for one line: programme, grade, subject, year."""
        places = (self.year_group_id, self.subject_id, self.campus_id, self.school_year)
        return [chosen_words(f) for f in (self.programmes, *(f for f in places if f.data))]


class FactsForm(PlaceForm):
    """Everything that is said about one item."""

    title = StringField(_("Title"), [InputRequired(_("Write a title; people find it by this.")), AtMost(LONGEST_LINE)])
    purpose = StringField(_("In one line"), [AtMost(LONGEST_LINE)], description=_("What it is, and what it is for."))
    description = TextAreaField(_("More about it"), [AtMost(LONGEST_TEXT)])
    document_kind = SelectField(_("Kind of document"))
    programmes = SelectMultipleField(_("Programmes"), description=_("None ticked means: the whole school."))
    shown_from = DateField(_("Shows the time from"), [Optional()])
    shown_to = DateField(_("to"), [Optional()])
    review_by = DateField(_("Look at it again"), [Optional()])
    language = SelectField(_("Language"))

    @classmethod
    def for_facts(cls, facts: ItemFacts) -> FactsForm:
        """The form as posted, or with these facts where nothing was posted."""
        form = cls(data=_plain(facts) | {"programmes": list(facts.programmes)})
        form.offer_places(facts)
        form.programmes.choices = [(p, p) for p in dict.fromkeys((*school().programmes, *facts.programmes))]
        kinds = dict(document_kinds())
        kinds.setdefault(facts.document_kind, document_kind_words(facts.document_kind))
        form.document_kind.choices = [("", _("Not said")), *((key, words) for key, words in kinds.items() if key)]
        known = {"": _("Not said"), **LANGUAGES}
        if facts.language:
            known.setdefault(facts.language, facts.language)
        form.language.choices = list(known.items())
        return form

    def facts(self, before: ItemFacts) -> ItemFacts:
        """The facts as they are written now."""
        said = replace(
            before,
            title=self.title.data or "",
            purpose=self.purpose.data or "",
            description=self.description.data or "",
            document_kind=self.document_kind.data or "",
            programmes=tuple(self.programmes.data or ()),
            shown_from=self.shown_from.data,
            shown_to=self.shown_to.data,
            review_by=self.review_by.data,
            language=self.language.data or "",
        )
        return self.placed(said)


def _plain(facts: ItemFacts) -> dict[str, object]:
    """The facts as the fields hold them: no None among the choices."""
    kept = {name: getattr(facts, name) for name in ItemFacts.__dataclass_fields__}
    kept |= {name: kept[name] or "" for name in ("campus_id", "subject_id", "year_group_id")}
    return kept | {"visibility": str(facts.visibility)}


def _years(chosen: str) -> list[str]:
    """The next school year, this one and some before, newest first, with the one chosen."""
    this = int(school_year_of(now().date())[:4])
    years = [f"{y}-{(y + 1) % 100:02d}" for y in range(this + 1, this - YEARS_BACK, -1)]
    return years if not chosen or chosen in years else sorted({*years, chosen}, reverse=True)
