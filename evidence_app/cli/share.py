"""`evidence share`: letting visitors read a snapshot, and ending it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import acting_as, address_note, address_of, as_json, in_school, opened, tell
from evidence_app.domain import reports, sharing
from evidence_app.i18n import day_in_words

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


@click.group("share")
def share() -> None:
    """Visitors' read-only access to a self-study."""


@share.command("issue")
@click.argument("evaluation")
@click.option("--expires", type=click.DateTime(FORMATS), help="Last day, as 2027-04-30; otherwise 30 days from now.")
@click.option("--for", "names", multiple=True, metavar="NAME", help="A visitor, who gets a passcode of their own.")
@click.option("--no-download", is_flag=True, help="Visitors read on the screen and take no files home.")
@click.option("--note", default="", help="What the share is for, for the list of shares.")
@acting_as
@in_school
@as_json
def issue_share(
    evaluation: str,
    expires: datetime | None,
    names: tuple[str, ...],
    no_download: bool,
    note: str,
    email: str,
    school_key: str | None,
    as_json: bool,
) -> None:
    """Freeze the self-study as it stands and issue a link to it; passcodes are shown this once."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        frozen = reports.freeze(
            backends.database, backends.blobs, actor=actor, evaluation_id=evaluation, keep_texts=True
        )
        with backends.database.unit_of_work() as session:
            issued = sharing.issue(
                session,
                actor=actor,
                snapshot_id=frozen.snapshot.id,
                names=names,
                expires_at=_end_of(expires),
                may_download=not no_download,
                note=note,
            )
        with backends.database.reading() as session:
            left_out = reports.told_to(session, actor, frozen.left_out)
        base, note_on_it = address_of(backends.settings), address_note(backends.settings)
    closed = [problem for problem in frozen.problems if problem.code == "closed-link"]
    url = f"{base}/s/{issued.token}"
    answer = {
        "url": url,
        "passcodes": [{"name": name, "passcode": passcode} for name, passcode in issued.passcodes],
        "expires": issued.share.expires_at.isoformat(timespec="seconds"),
        "share": issued.share.id,
        "address_note": note_on_it,
        "exhibits": len(frozen.report.exhibits),
        "left_out": [line.as_json() for line in left_out],
        "problems": [problem.as_json() for problem in closed],
    }
    lines = [url, *(f"{name}: {passcode}" for name, passcode in issued.passcodes)]
    lines.append(f"Open until the end of {_last_day(issued.share)}.")
    lines += filter(None, [note_on_it])
    lines += [f"left out  {line.number} {line.title}: {line.reason}" for line in left_out]
    lines += [f"problem   {problem.where}: {problem.what} {problem.remedy}" for problem in closed]
    tell(answer, "\n".join(lines), json_wanted=as_json)


@share.command("list")
@acting_as
@in_school
@as_json
def list_shares(email: str, school_key: str | None, as_json: bool) -> None:
    """List every share that was ever issued, with its state and last use."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.reading() as session:
            lines = sharing.shares_of(session, actor)
    rows = [
        {
            "share": line.share.id,
            "evaluation": line.evaluation.id,
            "state": line.state,
            "expires": line.share.expires_at.isoformat(timespec="seconds"),
            "made_by": line.made_by,
            "visitors": [passcode.name for passcode in line.share.passcodes],
            "visits": line.visits,
            "last_used": line.last_used_at.isoformat(timespec="seconds") if line.last_used_at else None,
        }
        for line in lines
    ]
    sentence = "\n".join(f"{n.share.id}  {n.state}  last day {_last_day(n.share)}  {n.visits} visits" for n in lines)
    tell({"shares": rows}, sentence or "No share yet.", json_wanted=as_json)


@share.command("revoke")
@click.argument("share_id", metavar="SHARE")
@acting_as
@in_school
@as_json
def revoke_share(share_id: str, email: str, school_key: str | None, as_json: bool) -> None:
    """End a share at once."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.unit_of_work() as session:
            ended = sharing.revoke(session, actor=actor, share_id=share_id)
    tell({"share": ended.id, "state": "revoked"}, f"{ended.id} is revoked.", json_wanted=as_json)


def _last_day(issued: sharing.Share) -> str:
    return day_in_words(issued.last_day, "en")


def _end_of(expires: datetime | None) -> datetime | None:
    """The moment a share ends: a bare day counts to its end, in UTC."""
    if expires is None:
        return None
    if expires.tzinfo is not None:
        return expires.astimezone(UTC)
    moment = expires.replace(tzinfo=UTC)
    return moment + timedelta(days=1) if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else moment


COMMANDS: tuple[click.Command, ...] = (share,)
