"""A report in, a document out: the parts of a report and the writers that print it."""

from exports.codec import ReportFormatError, report_from_json, report_to_json
from exports.composition import Problem
from exports.docx_writer import write_docx, write_paginated
from exports.docx_writer.check import check_docx
from exports.docx_writer.check_base import check_base_file
from exports.docx_writer.pagination import can_paginate, paginate
from exports.html_writer import Fragment, narrative_html, report_fragments, write_html
from exports.html_writer.render import SafeHtml
from exports.layouts import base_file
from exports.model import (
    ACTION_STATES,
    DOCUMENTS,
    FINDING_KINDS,
    FINDING_STATES,
    REQUIREMENT_STATES,
    RESPONSE_STATES,
    STEP_STATES,
    Action,
    Approval,
    Category,
    Citation,
    Cover,
    Edition,
    Exhibit,
    Fact,
    Finding,
    Gap,
    Milestone,
    Objective,
    Overview,
    Participants,
    Path,
    Picture,
    Policy,
    Practice,
    Process,
    Programme,
    RatingLevel,
    Report,
    RequirementState,
    Response,
    School,
    Signature,
    Standard,
    StandardLevel,
    Step,
    TimelineEntry,
    WordMeaning,
)
from exports.names import tidy_file_name
from exports.pictures import ExhibitMissing, OpenExhibit
from exports.words import LANGUAGES
from exports.writer import Writer, WriteResult
from exports.zip_writer import write_zip

WRITERS = {
    "docx": Writer("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
    "html": Writer("html", "text/html; charset=utf-8", write_html),
    "zip": Writer("zip", "application/zip", write_zip),
}

__all__ = [
    "ACTION_STATES",
    "DOCUMENTS",
    "FINDING_KINDS",
    "FINDING_STATES",
    "LANGUAGES",
    "REQUIREMENT_STATES",
    "RESPONSE_STATES",
    "STEP_STATES",
    "WRITERS",
    "Action",
    "Approval",
    "Category",
    "Citation",
    "Cover",
    "Edition",
    "Exhibit",
    "ExhibitMissing",
    "Fact",
    "Finding",
    "Fragment",
    "Gap",
    "Milestone",
    "Objective",
    "OpenExhibit",
    "Overview",
    "Participants",
    "Path",
    "Picture",
    "Policy",
    "Practice",
    "Problem",
    "Process",
    "Programme",
    "RatingLevel",
    "Report",
    "ReportFormatError",
    "RequirementState",
    "Response",
    "SafeHtml",
    "School",
    "Signature",
    "Standard",
    "StandardLevel",
    "Step",
    "TimelineEntry",
    "WordMeaning",
    "WriteResult",
    "Writer",
    "base_file",
    "can_paginate",
    "check_base_file",
    "check_docx",
    "narrative_html",
    "paginate",
    "report_fragments",
    "report_from_json",
    "report_to_json",
    "tidy_file_name",
    "write_paginated",
]
