"""Our own HTML as plain text."""

from __future__ import annotations

import pytest

from evidence_app.web.plain_text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two <strong>words</strong>.</p>", "One.\n\nTwo words."),
        ("<h3>Head</h3><ul><li>a</li><li>b</li></ul><p>End &amp; out</p>", "Head\n\n- a\n- b\n\nEnd & out"),
        ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", "A\tB\n1\t2"),
        ('<p>See <a class="cite" href="/x">E-0301-02-01</a>.</p>', "See E-0301-02-01."),
        ("", ""),
    ],
)
def test_words_keep_their_paragraphs_lists_and_cells(html: str, text: str) -> None:
    assert plain_text(html) == text
