"""Citing a version in a response, and taking the citation away."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence import version, version_to_cite
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.selfstudy.actions.numbering import number_exhibit
from evidence_app.domain.selfstudy.models import Citation, Evaluation, Response, ResponseDraft, Words
from evidence_app.domain.selfstudy.queries.exhibits import versions_to_cite
from evidence_app.domain.selfstudy.queries.finding import response as response_of
from evidence_app.domain.selfstudy.queries.finding import response_to_change
from evidence_app.domain.selfstudy.references import references_in
from evidence_app.errors import NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line


def cite(
    session: Session,
    *,
    actor: Actor,
    response_id: str,
    item_id: str = "",
    version_id: str = "",
    how: str = "",
) -> Citation:
    """The citation of a version, or of the newest version of an item; its exhibit has a number from now on.

    Citing the same version again changes how it shows what is claimed. NotFound when the item is not the actor's to
    see or lies in the bin.
    """
    require(actor, Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    pinned = version_to_cite(session, actor, item_id, version_id)
    frame = session.get_one(Evaluation, (actor.school_id, found.evaluation_id))
    home = catalogue_for(session, actor.school_id, frame.framework_key).node(found.node_key).code
    number_exhibit(session, actor=actor, evaluation_id=frame.id, version_id=pinned.id, home=home)
    cited = session.scalar(
        select(Citation).where(
            Citation.school_id == actor.school_id, Citation.response_id == found.id, Citation.version_id == pinned.id
        )
    )
    if cited is None:
        cited = Citation(
            id=new_id(),
            school_id=actor.school_id,
            response_id=found.id,
            item_id=pinned.item_id,
            version_id=pinned.id,
            cited_by=actor.person_id,
            cited_at=now(),
        )
        session.add(cited)
    cited.how = clean_line(how, 500) or cited.how or ""
    record(session, actor, "selfstudy.cite", "response", found.id, item=pinned.item_id, version=pinned.id)
    enqueue(session, JobKind.INDEX_ITEM, actor.school_id, pinned.item_id)
    return cited


def cite_what_is_named(session: Session, *, actor: Actor, response: Response) -> None:
    """Exhibits of this evaluation that the response names in its words, and did not cite yet, are cited in it.

    Otherwise a report would show them in the text and say that there is no evidence. What the actor may not open, what
    lies in the bin and numbers that mean nothing are left as they are: `narrative_problems` tells of the last.
    """
    named = _named_in(response.words)
    to_cite = versions_to_cite(session, actor, response) if named else {}
    for version_id in dict.fromkeys(to_cite[number] for number in named if number in to_cite):
        cite(session, actor=actor, response_id=response.id, version_id=version_id)


def still_named(session: Session, *, actor: Actor, citation: Citation) -> str:
    """The number under which a response, or the actor's draft of it, still names what it cited, and would cite again.

    "" where its words do not name it.
    """
    found = response_of(session, actor, citation.response_id)
    draft = session.get(ResponseDraft, (actor.school_id, found.id, actor.person_id))
    named = {one for words in (found.words, draft and draft.words) if words for one in _named_in(words)}
    to_cite = versions_to_cite(session, actor, found)
    numbers = (number for number in sorted(named) if to_cite.get(number) == citation.version_id)
    return next(numbers, "")


def _named_in(words: Words) -> list[str]:
    """The numbers of exhibits that stand in these words, each once, in their order."""
    texts = (words.narrative, words.strengths, words.next_steps)
    return list(dict.fromkeys(one.number for text in texts for one in references_in(text)))


def uncite(session: Session, *, actor: Actor, citation_id: str) -> Citation:
    """The citation that was, and is gone; its exhibit keeps its number, so that texts which name it still find it."""
    require(actor, Action.WRITE_STUDY)
    cited = session.get(Citation, (actor.school_id, citation_id))
    if cited is None:
        raise NotFound(msg("There is no such citation, or it is not open to you."))
    found = response_to_change(session, actor, cited.response_id)
    version(session, actor, cited.version_id)
    session.delete(cited)
    enqueue(session, JobKind.INDEX_ITEM, actor.school_id, cited.item_id)
    record(session, actor, "selfstudy.uncite", "response", found.id, item=cited.item_id, version=cited.version_id)
    return cited
