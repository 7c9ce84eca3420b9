"""What the self-study keeps: evaluations, responses with every word ever written, citations and exhibit numbers."""

from evidence_app.domain.selfstudy.models.evaluation import (
    Evaluation,
    EvaluationDeadline,
    EvaluationProgramme,
    EvaluationState,
    Introduction,
    IntroductionPart,
    Participants,
    TeamMember,
)
from evidence_app.domain.selfstudy.models.exhibit import Citation, Exhibit, ExhibitNumber
from evidence_app.domain.selfstudy.models.response import (
    RequirementAnswer,
    RequirementState,
    Response,
    ResponseDraft,
    ResponseRevision,
    ResponseStatus,
    StandardLevel,
    Words,
)

__all__ = [
    "Citation",
    "Evaluation",
    "EvaluationDeadline",
    "EvaluationProgramme",
    "EvaluationState",
    "Exhibit",
    "ExhibitNumber",
    "Introduction",
    "IntroductionPart",
    "Participants",
    "RequirementAnswer",
    "RequirementState",
    "Response",
    "ResponseDraft",
    "ResponseRevision",
    "ResponseStatus",
    "StandardLevel",
    "TeamMember",
    "Words",
]
