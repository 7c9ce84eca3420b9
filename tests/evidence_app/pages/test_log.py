"""Who did what: what an entry is about is called by its name, as far as the reader may see it now."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from evidence_app.domain import planning, sharing
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.planning import FindingFacts, FindingKind
from tests.evidence_app.domain.planning.plans import Planning
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import member

Open = Callable[[Actor | None], Browser]
HEALTH = "/alder-bay/admin/health"


def log(client: Browser) -> dict[str, str]:
    """Address -> what the log calls what is there."""
    page = html.unescape(client.get(HEALTH).text).partition("Who did what")[2]
    return dict(re.findall(r'class="quiet" href="([^"]+)">([^<]+)<', page))


def test_answers_actions_findings_shares_and_reports_stand_by_their_names(client_for: Open, plan: Planning) -> None:
    study, world = plan.study, plan.study.world
    study.write(narrative="We plan together.")
    words = "The school should review how " + "teachers plan together " * 5
    with study.acting() as session:
        finding = planning.add_finding(
            session, actor=world.coordinator, facts=FindingFacts(FindingKind.RECOMMENDATION, words, programme="DP")
        ).id
        frame = planning.plans_of(session, world.coordinator)[0].evaluation_id
    coordinator = client_for(world.coordinator)
    coordinator.post(f"/alder-bay/reports/{study.evaluation_id}/compile", data={"kind": "docx"})
    last_day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    coordinator.post(
        "/alder-bay/shares/new",
        data={"what": f"now:{study.evaluation_id}", "expires": last_day, "names": "", "note": "For the visit"},
    )
    with study.reading() as session:
        share = sharing.shares_of(session, world.coordinator)[0]
    here = "/alder-bay"
    answer = f"{here}/study/{study.evaluation_id}/answers/{study.response().id}"
    told = log(client_for(world.administrator))
    assert told[answer] == "Inclusion policy 0301-02, DP"
    assert told[f"{here}/plan/{plan.plan_id}/actions/{plan.action_id}"] == "Ask the pupils"
    assert told[f"{here}/plan/findings/{finding}"].startswith("The school should review how teachers")
    assert len(told[f"{here}/plan/findings/{finding}"]) <= 80
    assert told[f"{here}/shares/{share.share.id}"] == f"{share.evaluation.name}, For the visit"
    assert told[f"{here}/reports/?evaluation={study.evaluation_id}"] == share.evaluation.name
    assert frame == study.evaluation_id

    limited = member(world.database, world.school, Role.ADMINISTRATOR, "myp@alder.example", programmes=["PYP"])
    told = log(client_for(limited))
    assert not [where for where in told if "/study/" in where or "/plan/" in where or "/reports/" in where]
