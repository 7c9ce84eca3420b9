"""Reports: readiness, snapshots, numbered editions, and the documents compiled from them."""

from evidence_app.domain.reports.documents import KINDS, DocumentKind, compile, file_name
from evidence_app.domain.reports.freezing import Frozen, freeze, named_blobs, report_of
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
    left_out_of,
    signatures_of,
    snapshot,
    told_to,
)

__all__ = [
    "KINDS",
    "Compilation",
    "CompilationState",
    "CompiledFile",
    "DocumentKind",
    "Edition",
    "Frozen",
    "Gathered",
    "LeftOut",
    "LeftOutLine",
    "Problem",
    "Signature",
    "Snapshot",
    "SnapshotBlob",
    "TextPack",
    "TextPacker",
    "compilation",
    "compilations_of",
    "compile",
    "compiled_file",
    "edition",
    "edition_of_snapshot",
    "editions_of",
    "file_name",
    "freeze",
    "gather",
    "left_out_of",
    "named_blobs",
    "publish",
    "report_of",
    "sign",
    "signatures_of",
    "snapshot",
    "stamp",
    "told_to",
]
