"""Reports: readiness, snapshots, numbered editions, and the documents compiled from them."""

from evidence_app.domain.reports.comparing import AnswerChange, changes_between_reports
from evidence_app.domain.reports.compiling import (
    CompiledBlob,
    compile_again,
    fail_compilation,
    finish_compilation,
    note_snapshot,
    note_written,
    request_compilation,
)
from evidence_app.domain.reports.documents import KINDS, DocumentKind, compile, file_name, kinds_here
from evidence_app.domain.reports.freezing import Frozen, freeze, named_blobs, protect, report_of
from evidence_app.domain.reports.gathering import Gathered, TextPack, TextPacker, gather
from evidence_app.domain.reports.models import (
    Compilation,
    CompilationState,
    CompiledFile,
    Edition,
    Signature,
    Snapshot,
    SnapshotBlob,
)
from evidence_app.domain.reports.problems import LeftOut, LeftOutLine, Problem
from evidence_app.domain.reports.publishing import publish, sign, stamp
from evidence_app.domain.reports.queries import (
    compilation,
    compilations_of,
    compiled_file,
    edition,
    edition_of_snapshot,
    editions_of,
    evaluations_behind,
    held_back_in,
    infected_in,
    left_out_of,
    signatures_of,
    snapshot,
    told_to,
)
from evidence_app.domain.reports.readiness import Lack, Readiness, ReadinessLine, readiness
from evidence_app.domain.reports.staying import staying
from evidence_app.domain.reports.stores import ReadableStore, WritableStore

__all__ = [
    "KINDS",
    "AnswerChange",
    "Compilation",
    "CompilationState",
    "CompiledBlob",
    "CompiledFile",
    "DocumentKind",
    "Edition",
    "Frozen",
    "Gathered",
    "Lack",
    "LeftOut",
    "LeftOutLine",
    "Problem",
    "ReadableStore",
    "Readiness",
    "ReadinessLine",
    "Signature",
    "Snapshot",
    "SnapshotBlob",
    "TextPack",
    "TextPacker",
    "WritableStore",
    "changes_between_reports",
    "compilation",
    "compilations_of",
    "compile",
    "compile_again",
    "compiled_file",
    "edition",
    "edition_of_snapshot",
    "editions_of",
    "evaluations_behind",
    "fail_compilation",
    "file_name",
    "finish_compilation",
    "freeze",
    "gather",
    "held_back_in",
    "infected_in",
    "kinds_here",
    "left_out_of",
    "named_blobs",
    "note_snapshot",
    "note_written",
    "protect",
    "publish",
    "readiness",
    "report_of",
    "request_compilation",
    "sign",
    "signatures_of",
    "snapshot",
    "stamp",
    "staying",
    "told_to",
]
