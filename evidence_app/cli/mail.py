"""`evidence mail`: the mailbox evidence can be sent to."""

from __future__ import annotations

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import acting_as, as_json, in_school, opened, tell
from evidence_app.domain import mail
from evidence_app.domain.mail import CannotReach, MailboxFacts, Security


@click.group("mail")
def mailbox() -> None:
    """The mailbox evidence can be sent to."""


@mailbox.command("set")
@click.argument("address")
@click.option("--host", required=True, help="The IMAP server.")
@click.option("--port", default=993, show_default=True, type=click.IntRange(1, 65535))
@click.option("--security", default="tls", show_default=True, type=click.Choice([one.value for one in Security]))
@click.option("--user", default="", help="The user name; ADDRESS where it is left out.")
@click.option("--folder", default="INBOX", show_default=True)
@click.option("--trusted-server", default="", help="The name your server signs Authentication-Results with.")
@click.option("--password", prompt=True, hide_input=True, help="Asked for where it is left out.")
@acting_as
@in_school
@as_json
def set_mailbox(
    address: str,
    host: str,
    port: int,
    security: str,
    user: str,
    folder: str,
    trusted_server: str,
    password: str,
    email: str,
    school_key: str | None,
    as_json: bool,
) -> None:
    """Have what members send to ADDRESS filed from now on."""
    facts = MailboxFacts(
        address=address,
        host=host,
        port=port,
        security=Security(security),
        user=user or address,
        folder=folder,
        trusted_server=trusted_server,
    )
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        made = mail.keep_mailbox(backends.database, backends.settings.home, actor=actor, facts=facts, password=password)
    answer = {"address": made.address, "host": made.host, "port": made.port, "folder": made.folder}
    tell(answer, f"{made.address} is read from now on. Try it: evidence mail try", json_wanted=as_json)


@mailbox.command("try")
@acting_as
@in_school
@as_json
def try_mailbox(email: str, school_key: str | None, as_json: bool) -> None:
    """Sign in to the mailbox and say how that went; exit status 1 where it cannot be read."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        try:
            state = mail.try_mailbox(
                backends.database, backends.settings.home, actor=actor, allowed=backends.settings.mail_hosts
            )
        except CannotReach as error:
            raise click.ClickException(str(error.trouble.sentence)) from None
    tell({"mails": state.count}, f"The mailbox answers; {state.count} mails are in it.", json_wanted=as_json)


@mailbox.command("off")
@acting_as
@in_school
@as_json
def forget_mailbox(email: str, school_key: str | None, as_json: bool) -> None:
    """Forget the mailbox and its password. What was filed from it stays."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        mail.forget_mailbox(backends.database, backends.settings.home, actor=actor)
    tell({"state": "off"}, "The mailbox is forgotten, and so is its password.", json_wanted=as_json)


COMMANDS: tuple[click.Command, ...] = (mailbox,)
