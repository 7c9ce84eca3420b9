"""Shares: who gets in, for how long, and that a share of a snapshot shows that snapshot and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from evidence_app.database import now
from evidence_app.domain import evidence, reports, sharing
from evidence_app.domain.accounts import token_hash
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.jobs import JobKind, unfinished_subjects
from evidence_app.domain.sharing import Entry, Issued, Share, SharePasscode, VisitKind
from evidence_app.domain.sharing.entering import MOST_GUESSES
from evidence_app.domain.sharing.models import VisitorSession
from evidence_app.domain.sharing.passcodes import digest, new_passcode, new_salt
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.studies import refusal


def enter(desk: Desk, issued: Issued, passcode: str = "") -> Entry:
    with desk.study.acting() as session:
        return sharing.enter(
            session, room=issued.share.room, link_token=issued.token, passcode=passcode or issued.passcodes[0][1]
        )


def visitor(desk: Desk, issued: Issued, entry: Entry) -> sharing.Visitor | None:
    with desk.study.reading() as session:
        return sharing.visitor_in(session, issued.share.room, entry.token)


def test_a_share_is_live_at_once_with_a_passcode_for_each_name(desk: Desk) -> None:
    issued = desk.share(names=["Ana Lima", "Bo Chen"])
    assert [name for name, _ in issued.passcodes] == ["Ana Lima", "Bo Chen"]
    for name, passcode in issued.passcodes:
        found = visitor(desk, issued, enter(desk, issued, passcode))
        assert found is not None
        assert found.name == name
        assert found.snapshot.sha256 == desk.freeze().snapshot.sha256


def test_of_secrets_only_hashes_are_kept(desk: Desk) -> None:
    issued = desk.share()
    entry = enter(desk, issued)
    with desk.study.reading() as session:
        share = session.scalars(select(Share)).one()
        digests = list(session.scalars(select(SharePasscode.digest)))
        sessions = list(session.scalars(select(VisitorSession.token_hash)))
    assert share.token_hash == token_hash(issued.token)
    assert issued.token not in (share.room, share.salt, share.note)
    assert issued.passcodes[0][1] not in "".join(digests)
    assert sessions == [token_hash(entry.token)]


def test_tokens_and_passcodes_cannot_be_guessed(desk: Desk) -> None:
    issued = desk.share()
    assert len(issued.token) >= 43, "256 bits"
    assert len({new_passcode() for _ in range(2000)}) == 2000
    assert not set("".join(new_passcode() for _ in range(200))) & set("il01oILO")


def test_a_passcode_may_be_typed_in_capitals_with_spaces(desk: Desk) -> None:
    issued = desk.share()
    assert enter(desk, issued, issued.passcodes[0][1].upper().replace("-", " ")).token


@pytest.mark.parametrize(("seconds", "is_live"), [(-1, True), (0, False), (1, False)])
def test_a_share_ends_at_its_second(desk: Desk, seconds: int, is_live: bool) -> None:
    share = desk.share().share
    assert share.is_live(share.expires_at + timedelta(seconds=seconds)) is is_live


def test_an_expired_share_lets_nobody_in_nor_go_on_reading(desk: Desk) -> None:
    issued = desk.share()
    entry = enter(desk, issued)
    _set(desk, expires_at=now() - timedelta(seconds=1))
    assert visitor(desk, issued, entry) is None
    assert enter(desk, issued).refused == "gone"


def test_a_clock_that_goes_back_brings_no_share_alive(desk: Desk) -> None:
    issued = desk.share()
    _set(desk, expires_at=now() - timedelta(seconds=1))
    with desk.study.acting() as session:
        assert sharing.has_unlatched(session, issued.share.room)
        assert sharing.latch_expired(session) == 1
    _set(desk, expires_at=now() + timedelta(days=1))
    assert enter(desk, issued).refused == "gone"


def test_a_revoked_share_is_dead_at_once_for_those_inside_too(desk: Desk) -> None:
    issued = desk.share()
    entry = enter(desk, issued)
    with desk.study.acting() as session:
        sharing.revoke(session, actor=desk.world.coordinator, share_id=issued.share.id)
    assert visitor(desk, issued, entry) is None
    assert enter(desk, issued).refused == "gone"
    with desk.study.reading() as session:
        assert sharing.room_of(session, issued.token) is None


def test_sharing_again_gives_another_link(desk: Desk) -> None:
    one, other = desk.share(), desk.share()
    assert one.token != other.token
    assert one.share.room != other.share.room
    with desk.study.acting() as session:
        assert sharing.revoke_all(session, actor=desk.world.coordinator) == 2


def test_unknown_links_and_rooms_answer_like_ended_ones(desk: Desk) -> None:
    issued = desk.share()
    with desk.study.acting() as session:
        assert sharing.room_of(session, "nobody's") is None
        assert not sharing.knows_link(session, "other", issued.token)
        assert sharing.enter(session, room="other", link_token=issued.token, passcode="x").refused == "gone"
    entry = enter(desk, issued)
    with desk.study.reading() as session:
        assert sharing.visitor_in(session, "other", entry.token) is None


def test_ten_wrong_guesses_close_a_link_for_a_while_and_no_other(desk: Desk) -> None:
    attacked, quiet = desk.share(), desk.share()
    answers = [enter(desk, attacked, "aaaa-aaaa-aaaa").refused for _ in range(12)]
    assert answers == ["wrong"] * 10 + ["throttled"] * 2
    assert enter(desk, attacked).refused == "throttled", "the right one too, or guessing would be worth it"
    assert enter(desk, quiet).token


def test_a_hundred_wrong_guesses_lock_a_link_for_good_and_the_list_says_so(desk: Desk) -> None:
    issued = desk.share()
    _set(desk, wrong_guesses=MOST_GUESSES - 1)
    assert enter(desk, issued, "wrong").refused == "wrong"
    assert enter(desk, issued).refused == "gone"
    with desk.study.reading() as session:
        assert [line.state for line in sharing.shares_of(session, desk.world.coordinator)] == ["locked"]


def test_a_browser_is_asked_again_after_twelve_hours(desk: Desk) -> None:
    issued = desk.share()
    entry = enter(desk, issued)
    with desk.study.acting() as session:
        session.execute(update(VisitorSession).values(created_at=now() - timedelta(hours=12, seconds=1)))
    assert visitor(desk, issued, entry) is None


def test_a_visitor_may_leave(desk: Desk) -> None:
    issued = desk.share()
    entry = enter(desk, issued)
    with desk.study.acting() as session:
        sharing.leave(session, token=entry.token)
    assert visitor(desk, issued, entry) is None


def test_shares_last_thirty_days_and_never_more_than_180(desk: Desk) -> None:
    assert desk.share().share.expires_at - now() > timedelta(days=29)
    with refusal(Invalid, "expires"):
        desk.share(expires_at=now() + timedelta(days=181))
    with refusal(Invalid, "expires"):
        desk.share(expires_at=now() - timedelta(minutes=1))
    with refusal(Invalid, "names"):
        desk.share(names=["Ana", "Ana "])
    with desk.study.reading() as session:
        assert len(sharing.shares_of(session, desk.world.coordinator)) == 1, "nothing half made is left behind"


def test_same_form_of_the_same_person_gives_the_same_share_without_its_secrets(desk: Desk) -> None:
    first, again, other = desk.share(form_key="k"), desk.share(form_key="k"), desk.share(form_key="l")
    assert again.share.id == first.share.id != other.share.id
    assert (again.token, again.passcodes) == ("", ())
    with desk.study.acting() as session:
        options = {"snapshot_id": first.share.snapshot_id, "form_key": "k"}
        theirs = sharing.issue(session, actor=desk.world.administrator, **options)
        assert theirs.token
        assert theirs.share.id != first.share.id
    assert desk.share().share.id != desk.share().share.id, "without a key each is one of its own"


def test_a_draft_without_texts_is_not_shared(desk: Desk) -> None:
    frozen = desk.freeze()
    with pytest.raises(Conflict), desk.study.acting() as session:
        sharing.issue(session, actor=desk.world.coordinator, snapshot_id=frozen.snapshot.id)


def test_only_those_who_share_reports_make_list_and_end_shares(desk: Desk) -> None:
    issued = desk.share()
    with pytest.raises(NotAllowed), desk.study.acting() as session:
        sharing.issue(session, actor=desk.world.teacher, snapshot_id=issued.share.snapshot_id)
    with pytest.raises(NotFound), desk.study.acting() as session:
        sharing.issue(session, actor=desk.world.stranger, snapshot_id=issued.share.snapshot_id)
    with pytest.raises(NotAllowed), desk.study.reading() as session:
        sharing.shares_of(session, desk.world.teacher)
    with pytest.raises(NotFound), desk.study.acting() as session:
        sharing.revoke(session, actor=desk.world.stranger, share_id=issued.share.id)
    with desk.study.reading() as session:
        assert sharing.shares_of(session, desk.world.stranger) == []


def test_the_list_knows_every_link_its_maker_and_its_last_use(desk: Desk) -> None:
    issued = desk.share(names=["Ana"], note="For the team of March")
    enter(desk, issued)
    with desk.study.reading() as session:
        (line,) = sharing.shares_of(session, desk.world.coordinator)
        count = len(list(session.scalars(select(Share))))
    assert count == 1
    assert (line.made_by, line.visits, line.state) == (desk.world.coordinator.name, 1, "open")
    assert line.last_used_at is not None


def test_what_visitors_did_is_written_down_by_name_and_once_in_ten_minutes(desk: Desk) -> None:
    issued = desk.share(names=["Ana"])
    found = visitor(desk, issued, enter(desk, issued))
    assert found is not None
    with desk.study.acting() as session:
        for _ in range(3):
            sharing.log_visit(session, found, VisitKind.OPENED, "E-0301-02-01")
            session.flush()
    with desk.study.reading() as session:
        lines = sharing.visits_of(session, desk.world.coordinator, issued.share.id)
    assert [(line.name, line.visit.kind, line.visit.what) for line in lines] == [
        ("Ana", "opened", "E-0301-02-01"),
        ("Ana", "entered", ""),
    ]


def test_issuing_asks_for_the_search_and_the_pages_to_be_prepared(desk: Desk) -> None:
    issued = desk.share()
    school_id = desk.world.school.id
    with desk.study.reading() as session:
        for kind in (JobKind.REMAKE_SHARE_INDEX, JobKind.PREPARE_SHARE):
            assert unfinished_subjects(session, school_id, kind) == {issued.share.snapshot_id}


def test_the_room_shows_what_was_frozen_although_the_school_goes_on(desk: Desk) -> None:
    item = desk.file(title="Inclusion policy", text="How everybody belongs.")
    number = desk.cite(item)
    desk.study.write(rating=2, narrative=f"It says so [[{number}]].")
    issued = desk.share()
    desk.study.write(narrative="Something else.")
    with desk.study.acting() as session:
        evidence.set_visibility(
            session, actor=desk.world.coordinator, item_ids=[item.id], visibility=Visibility.PRIVATE
        )
    room = sharing.make_room(desk.blobs, desk.snapshot(issued))
    part = room.part("P_0301_02")
    assert part is not None
    assert part.answers is not None
    assert "It says so" in part.plain_text
    assert number in part.plain_text
    assert room.text_of(room.exhibits[number]) == "How everybody belongs."
    assert [shown.exhibit.title for shown in part.answers.exhibits] == ["Inclusion policy"]


def test_every_anchor_of_the_report_leads_to_a_page(desk: Desk) -> None:
    room = sharing.make_room(desk.blobs, desk.snapshot(desk.share()))
    pages = {page.anchor for page in room.pages}
    for anchor in room.homes:
        found = room.part(anchor)
        assert found is None or found.anchor in pages
    first, last = room.pages[0], room.pages[-1]
    assert room.neighbours(first)[0] is None
    assert room.neighbours(last)[1] is None


def test_search_inside_a_share_finds_its_texts_by_any_form_of_a_word(desk: Desk, tmp_path: Path) -> None:
    number = desk.cite(desk.file(title="Plan", text="Teachers were planning in teams on Mondays."))
    desk.study.write(narrative="Every student belongs here.")
    issued = desk.share()
    snapshot = desk.snapshot(issued)
    room = sharing.make_room(desk.blobs, snapshot)
    index = sharing.open_share_index("whoosh:", tmp_path, snapshot.id)
    looked = sharing.look(room, index, "belonging")
    assert looked.is_partial
    assert [hit.anchor for hit in looked.hits] == ["P_0301_02"]
    with index.rebuilding() as fresh:
        fresh.add(sharing.documents(room, snapshot))
    assert [hit.number for hit in sharing.look(room, index, "planned teams").hits] == [number]
    assert "P_0301_02" in [hit.anchor for hit in sharing.look(room, index, "students").hits]
    assert sharing.look(room, index, "zanzibar").total == 0
    assert sharing.look(room, index, "").total == 0
    index.close()


def test_equal_digests_need_equal_passcodes_and_salt() -> None:
    salt = new_salt()
    assert digest("AB cd-ef", salt) == digest("abcdef", salt)
    assert digest("abcdef", salt) != digest("abcdeg", salt)
    assert digest("abcdef", salt) != digest("abcdef", new_salt())


def test_a_share_of_an_edition_says_which(desk: Desk) -> None:
    frozen = desk.freeze(keep_texts=True)
    with desk.study.acting() as session:
        reports.publish(session, actor=desk.world.coordinator, snapshot_id=frozen.snapshot.id, report=frozen.report)
    assert desk.share().share.edition == 1


def _set(desk: Desk, **values: object) -> None:
    with desk.study.acting() as session:
        session.execute(update(Share).values(**values))
