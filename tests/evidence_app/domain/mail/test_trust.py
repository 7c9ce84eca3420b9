"""Who is believed, and which servers are asked."""

from __future__ import annotations

import pytest

from evidence_app.domain.mail import CannotReach, Trouble, addresses_of, is_vouched_for

ME = "anna@school.example"


@pytest.mark.parametrize(
    ("results", "is_it"),
    [
        (["mx.school.example; dmarc=pass header.from=school.example"], True),
        (["MX.school.example 1; dkim=pass (good) header.d=School.example; spf=fail"], True),
        (["mx.school.example; spf=pass smtp.mailfrom=anna@school.example"], True),
        (["mx.school.example; spf=pass smtp.mailfrom=bounce@lists.example"], False),
        (["mx.school.example; dkim=pass header.d=notschool.example"], False),
        (["mx.school.example; dkim=fail header.d=school.example"], False),
        (["mx.school.example; none"], False),
        (["mx.thief.example; dmarc=pass header.from=school.example"], False),
        (["mx.school.example; spf=fail", "mx.school.example; dmarc=pass header.from=school.example"], False),
        (["other (mx.school.example; dmarc=pass header.from=school.example)"], False),
        (['mx.school.example; spf=pass smtp.mailfrom="anna@school.example"@thief.example'], False),
        (['mx.school.example; dkim=pass header.i="@school.example"@thief.example'], False),
        (
            ['mx.school.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=school.example; "@thief.example'],
            False,
        ),
        (["mx.school.example (a (b); dmarc=pass header.from=school.example; c); spf=fail"], False),
        ([f"mx.school.example {'(' * 1900}{')' * 1900}; dkim=pass header.d=school.example"], True),
        (["mx.school.example; spf=fail (never closed dkim=pass header.d=school.example"], False),
        ([], False),
    ],
)
def test_only_the_topmost_result_of_the_trusted_server_counts(results: list[str], is_it: bool) -> None:
    assert is_vouched_for(ME, results, "mx.school.example") is is_it
    assert not is_vouched_for(ME, results, "")


def test_only_ports_of_mail_and_public_servers_are_asked_unless_the_operator_allows_one() -> None:
    for host, port in (("1.1.1.1", 22), ("127.0.0.1", 993), ("localhost", 143)):
        with pytest.raises(CannotReach) as refused:
            addresses_of(host, port, allowed=())
        assert refused.value.trouble is Trouble.HOST_NOT_ALLOWED
    assert addresses_of("127.0.0.1", 10143, allowed={"127.0.0.1:10143"}) == ("127.0.0.1",)
    with pytest.raises(CannotReach):
        addresses_of("127.0.0.1", 22, allowed={"127.0.0.1:10143"})
