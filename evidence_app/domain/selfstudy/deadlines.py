"""The dates on the way to a visit, reckoned from the visit. The school may change every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from evidence_app.i18n import Labelled, msg
from evidence_app.months import months_before


class DeadlineKind(Labelled):
    """What is due, in the order in which it comes."""

    DATES_OFFERED = "dates_offered", msg("The IB offers dates for the visit")
    DATES_CHOSEN = "dates_chosen", msg("Dates of the visit and of the questionnaire are chosen")
    STUDY_BEGINS = "study_begins", msg("The self-study begins")
    PRELIMINARY_REVIEW = "preliminary_review", msg("Documents for the preliminary review are sent")
    QUESTIONNAIRE = "questionnaire", msg("The self-study questionnaire is sent")
    AGENDA = "agenda", msg("Agenda and visit form are sent")
    VISIT = "visit", msg("The visit")


MONTHS_BEFORE: Mapping[DeadlineKind, int] = MappingProxyType(
    {
        DeadlineKind.DATES_OFFERED: 18,
        DeadlineKind.DATES_CHOSEN: 15,
        DeadlineKind.STUDY_BEGINS: 12,
        DeadlineKind.PRELIMINARY_REVIEW: 4,
    }
)
WEEKS_BEFORE: Mapping[DeadlineKind, int] = MappingProxyType(
    {DeadlineKind.QUESTIONNAIRE: 6, DeadlineKind.AGENDA: 2, DeadlineKind.VISIT: 0}
)


def deadlines_for(visit_on: date) -> dict[DeadlineKind, date]:
    """What is usually due when, for a visit that begins on this day; in order of time."""
    months = {kind: months_before(visit_on, count) for kind, count in MONTHS_BEFORE.items()}
    return months | {kind: visit_on - timedelta(weeks=count) for kind, count in WEEKS_BEFORE.items()}
