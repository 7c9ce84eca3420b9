"""What a report says, as plain data: strings, whole numbers and tuples, and nothing about how it looks.

The gathering code fills these classes, `exports.codec` turns them into the canonical JSON that is the snapshot, and
every writer prints them. Three rules hold everywhere:

- **Dates** are ISO texts (`2026-05-21`, `2026-05` or `2026`); an empty text means "not known". No clock is read.
- **Markdown** is allowed only in the fields whose description says so; it may cite an exhibit as `[[E-0301-02-03]]`
  and show an image exhibit as `![what is seen](E-0301-02-03)`. Every other text is printed as it is.
- **State words** are keys out of the tuples below; the writers print them in the report's language. What is empty
  is left out.
"""

from exports.model.front import (
    Approval,
    Cover,
    Fact,
    Overview,
    Participants,
    Picture,
    Process,
    Programme,
    RatingLevel,
    School,
    TimelineEntry,
)
from exports.model.plans import Action, Finding, Milestone, Objective, Path, Policy, Step
from exports.model.report import Edition, Exhibit, ExhibitFile, Report, Signature, WordMeaning
from exports.model.study import Category, Citation, Gap, Practice, RequirementState, Response, Standard, StandardLevel

DOCUMENTS = ("self-study", "action-plan")
REQUIREMENT_STATES = ("met", "partly", "not_yet", "open")
RESPONSE_STATES = ("not_started", "draft", "submitted", "approved")
STEP_STATES = ("ahead", "walking", "walked")
ACTION_STATES = ("planned", "under_way", "done", "paused", "dropped")
FINDING_KINDS = ("commendation", "recommendation", "matter")
FINDING_STATES = ("open", "under_way", "closed", "kept")

__all__ = [
    "ACTION_STATES",
    "DOCUMENTS",
    "FINDING_KINDS",
    "FINDING_STATES",
    "REQUIREMENT_STATES",
    "RESPONSE_STATES",
    "STEP_STATES",
    "Action",
    "Approval",
    "Category",
    "Citation",
    "Cover",
    "Edition",
    "Exhibit",
    "ExhibitFile",
    "Fact",
    "Finding",
    "Gap",
    "Milestone",
    "Objective",
    "Overview",
    "Participants",
    "Path",
    "Picture",
    "Policy",
    "Practice",
    "Process",
    "Programme",
    "RatingLevel",
    "Report",
    "RequirementState",
    "Response",
    "School",
    "Signature",
    "Standard",
    "StandardLevel",
    "Step",
    "TimelineEntry",
    "WordMeaning",
]
