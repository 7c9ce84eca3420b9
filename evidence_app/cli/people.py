"""`evidence school` and `evidence person`."""

from __future__ import annotations

import sys

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import address_note, address_of, as_json, opened, tell
from evidence_app.domain import accounts, calendar, evidence, frameworks, handover, schools
from evidence_app.domain.access import Actor, Role


@click.group("school")
def school() -> None:
    """Schools of this installation."""


@school.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--programmes", required=True, help="For example PYP,MYP,DP.")
@click.option("--language", default="en", show_default=True, help="en, fr, es or it: the language of its reports.")
@as_json
def add_school(key: str, name: str, programmes: str, language: str, as_json: bool) -> None:
    """Add a school with its short KEY and NAME."""
    with opened() as backends, backends.database.unit_of_work() as session:
        chosen = [p.strip().upper() for p in programmes.split(",") if p.strip()]
        added = schools.add_school(session, key=key, name=name, programmes=chosen, language=language)
        for framework_key in frameworks.EVERY_IB_SCHOOL:
            frameworks.follow(session, school_id=added.id, framework_key=framework_key)
    tell({"school": added.key, "id": added.id}, f"{added.name} is open at /{added.key}/.", json_wanted=as_json)


@school.command("list")
@as_json
def list_schools(as_json: bool) -> None:
    """List the schools."""
    with opened() as backends, backends.database.reading() as session:
        found = schools.all_schools(session)
    rows = [{"key": s.key, "name": s.name, "programmes": list(s.programmes)} for s in found]
    tell({"schools": rows}, "\n".join(f"{s.key}  {s.name}" for s in found) or "No school yet.", json_wanted=as_json)


@click.group("person")
def person() -> None:
    """People and their roles."""


@person.command("add")
@click.argument("email")
@click.option("--school", "school_key", required=True, metavar="KEY")
@click.option("--role", required=True, type=click.Choice([r.value for r in Role if r is not Role.NOBODY]))
@click.option("--name", default="", help="How colleagues know this person.")
@click.option("--programmes", default="", help="Limit the role to these programmes, for example MYP,DP.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input; otherwise a link is printed."
)
@as_json
def add_person(
    email: str, school_key: str, role: str, name: str, programmes: str, password_stdin: bool, as_json: bool
) -> None:
    """Add somebody to a school; without a password, print the link by which they choose one."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    limits = [p.strip().upper() for p in programmes.split(",") if p.strip()]
    with opened() as backends, backends.database.unit_of_work() as session:
        here = schools.school_by_key(session, school_key)
        operator = Actor(person_id="", school_id=here.id, role=Role.ADMINISTRATOR, name="command line")
        added = accounts.add_person(session, actor=operator, email=email, role=Role(role), name=name, programmes=limits)
        session.flush()
        token = ""
        if password:
            accounts.change_password(session, person_id=added.person_id, password=password)
            calendar.end_feeds_of(session, added.person_id)
        elif not added.person.password_hash:
            token = accounts.invite(session, actor=operator, person_id=added.person_id)
        base, note_on_it = address_of(backends.settings), address_note(backends.settings)
    answer = {"person": added.person_id, "email": added.person.email, "role": role}
    sentence = f"{added.person.email} is {Role(role).label} of {here.name}."
    if token:
        answer["invitation"] = f"{base}/invitation/{token}"
        sentence += f" Send this link, it works once: {answer['invitation']}" + f"\n{note_on_it}".rstrip()
    tell(answer, sentence, json_wanted=as_json)


@person.command("confirm")
@click.argument("email")
@click.option("--school", "school_key", metavar="KEY", help="Needed only for somebody of several schools.")
@as_json
def confirm_person(email: str, school_key: str | None, as_json: bool) -> None:
    """Say that an account opened by a new link is still used by the same person, where no colleague can say so."""
    with opened() as backends, backends.database.unit_of_work() as session:
        whom = accounts.actor_by_email(session, email, school_key)
        operator = Actor(person_id="", school_id=whom.school_id, role=Role.ADMINISTRATOR, name="command line")
        count = evidence.confirm_everywhere(session, actor=operator, person_id=whom.person_id)
    sentence = f"{whom.email} is confirmed: {count} names on private items and in groups count again."
    tell({"person": whom.person_id, "email": whom.email, "confirmed": count}, sentence, json_wanted=as_json)


@person.command("handover")
@click.argument("email")
@click.option("--to", "to_email", required=True, metavar="EMAIL", help="The colleague who takes over.")
@click.option("--as", "as_email", required=True, metavar="EMAIL", help="The administrator who does it.")
@click.option("--school", "school_key", metavar="KEY", help="Needed only by somebody of several schools.")
@click.option("--end-access", is_flag=True, help="The one who leaves is no member any more afterwards.")
@click.option("--preview", "only_preview", is_flag=True, help="Only say how much would move.")
@as_json
def hand_over_person(
    email: str,
    to_email: str,
    as_email: str,
    school_key: str | None,
    end_access: bool,
    only_preview: bool,
    as_json: bool,
) -> None:
    """Move everything EMAIL owns or is asked for to a colleague. Private items wait for a custodian of each."""
    with opened() as backends:
        actor = actor_for(backends, as_email, school_key)
        with backends.database.reading() as session:
            key = schools.school_of(session, actor).key
            leaver = accounts.actor_by_email(session, email, key)
            successor = accounts.actor_by_email(session, to_email, key)
            found = handover.preview(session, actor, leaver.person_id, successor.person_id)
        if not only_preview:
            with backends.database.unit_of_work() as session:
                handover.hand_over(
                    session,
                    actor=actor,
                    from_id=leaver.person_id,
                    to_id=successor.person_id,
                    end_access=end_access,
                )
    answer = {
        "moved": {kind.value: count for kind, count in found.counts.items()},
        "private_waiting": found.private,
        "only_theirs": found.only_theirs,
        "done": not only_preview,
    }
    lines = [f"{count:5}  {kind.label}" for kind, count in found.counts.items() if count]
    lines.append(f"{found.private:5}  private items wait for another custodian's word")
    if found.only_theirs:
        lines.append(f"{found.only_theirs:5}  private items are open to them alone: a second custodian has to be named")
    tell(answer, "\n".join(lines), json_wanted=as_json)


COMMANDS = (school, person)
