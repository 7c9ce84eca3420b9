"""A report as canonical JSON and back: the same report always gives the same text, so its hash means something."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from exports.model import Report
from exports.text import clean_text

FORMAT = 1


class ReportFormatError(ValueError):
    """A text that is not a report; the message says where in it and why."""


def report_to_json(report: Report) -> str:
    """The report as canonical JSON: sorted keys, no spaces, no clock, fields at their default left out, text cleaned.

    Leaving defaults out keeps the hash of an unchanged report the same when a later version adds fields.
    """
    content = _plain(report, "report")
    return json.dumps(
        {"format": FORMAT, "report": content},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )


def report_from_json(text: str) -> Report:
    """The report a canonical JSON text holds. Raises ReportFormatError, naming the place, for anything else."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ReportFormatError(f"The report is not JSON: {error}. Freeze the self-study again.") from error
    if not isinstance(data, dict) or set(data) != {"format", "report"}:
        raise ReportFormatError("The report does not hold exactly 'format' and 'report'. Freeze the self-study again.")
    if data["format"] != FORMAT:
        raise ReportFormatError(
            f"The report has format {data['format']!r}, this version reads {FORMAT}. Upgrade first."
        )
    report = _read(Report, data["report"], "report")
    assert isinstance(report, Report)
    return report


def _plain(value: object, where: str) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return [_plain(item, f"{where}[{n}]") for n, item in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        content = {}
        for item in fields(value):
            inner = getattr(value, item.name)
            if item.default is MISSING or inner != item.default:
                content[item.name] = _plain(inner, f"{where}.{item.name}")
        return content
    raise TypeError(f"{where} holds {value!r}; a report holds texts, whole numbers, tuples and its own parts only.")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: object, where: str) -> object:
    origin = get_origin(kind)
    if origin is UnionType:
        return None if value is None else _read(next(k for k in get_args(kind) if k is not NoneType), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ReportFormatError(f"{where} must be a list, not {value!r}.")
        inner = get_args(kind)[0]
        return tuple(_read(inner, item, f"{where}[{n}]") for n, item in enumerate(value))
    if is_dataclass(kind):
        return _read_part(kind, value, where)
    # A bool is an int to Python, but not to a reader of a report.
    if type(value) is not kind:
        raise ReportFormatError(f"{where} must be of type {kind.__name__}, not {value!r}.")
    return value


def _read_part(kind: Any, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise ReportFormatError(f"{where} must be an object, not {value!r}.")
    hints = _hints(kind)
    if unknown := sorted(set(value) - set(hints)):
        raise ReportFormatError(f"{where} holds {unknown[0]!r}, which this version does not know. Upgrade first.")
    given = {name: _read(hints[name], inner, f"{where}.{name}") for name, inner in value.items()}
    required = {item.name for item in fields(kind) if item.default is MISSING}
    if missing := sorted(required - set(given)):
        raise ReportFormatError(f"{where} lacks {missing[0]!r}.")
    return kind(**given)
