"""A restored backup lets nobody in who was shown out since."""

from __future__ import annotations

import pytest

from evidence_app.domain import accounts, calendar, sharing, upkeep
from evidence_app.errors import NotFound
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.sharing.conftest import desk as desk
from tests.evidence_app.domain.sharing.conftest import study as study


def test_after_a_restore_no_share_sign_in_or_link_opens_anything(desk: Desk) -> None:
    world = desk.study.world
    issued = desk.share()
    passcode = issued.passcodes[0][1]
    with world.database.unit_of_work() as session:
        visitor = sharing.enter(session, room=issued.share.room, link_token=issued.token, passcode=passcode).token
        signed_in = accounts.open_session(session, person_id=world.teacher.person_id)
        feed = calendar.make_feed(session, actor=world.teacher)
        link = accounts.invite(session, actor=world.administrator, person_id=world.reader.person_id)
    with world.database.unit_of_work() as session:
        assert upkeep.close_doors(session) == upkeep.Closed(shares=1, sign_ins=1, links=1, calendars=1)
    with world.database.unit_of_work() as session:
        again = sharing.enter(session, room=issued.share.room, link_token=issued.token, passcode=passcode)
        assert again.refused == "gone"
        assert sharing.visitor_in(session, issued.share.room, visitor) is None
        assert accounts.find_session(session, signed_in, idle_seconds=3600, longest_seconds=3600) is None
        with pytest.raises(NotFound):
            accounts.open_invitation(session, link)
        with pytest.raises(NotFound):
            calendar.actor_of_feed(session, feed)
        assert upkeep.close_doors(session) == upkeep.Closed(0, 0, 0, 0)
