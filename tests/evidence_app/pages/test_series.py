"""Several files as one item: made while filing, put in order with captions, and given to visitors as a whole."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence

from evidence_app.backends import Backends
from evidence_app.domain import evidence
from evidence_app.domain.evidence import Item, ItemFacts, PartFile, Visibility
from tests.evidence_app.domain.extraction.making_media import photograph
from tests.evidence_app.pages.conftest import FileItem
from tests.evidence_app.pages.test_visitor import OpenBrowser, School, crawl, let_in, opened
from tests.fixtures import World

NEW = "/alder-bay/evidence/new"


def ids_of(page: str) -> list[str]:
    """The parts in a form, in its order."""
    return re.findall(r'name="part" value="(\w+)"', page)


def test_files_dropped_together_become_one_item_in_an_order_with_captions(
    world: World, client_for: OpenBrowser, work: Callable[[], None], work_and_draw: Callable[[], None]
) -> None:
    browser = client_for(world.teacher)
    files = [(io.BytesIO(photograph((90 + n, 60))), f"IMG_{n}.jpg") for n in range(3)]
    browser.post(f"{NEW}/files", data={"files": files, "form_key": "k"})
    work()
    page = browser.get(NEW).text
    assert "belong together, as one item" in page
    answer = browser.post(f"{NEW}/together", data={"part": ids_of(page), "title": "The wall in May"})
    address = answer.headers["Location"]
    work()
    parts = ids_of(browser.get(address).text)
    assert len(parts) == 3

    captions = {f"caption-{id}": f"Picture {n}" for n, id in enumerate(parts)}
    form = {"on": re.findall(r'name="on" value="(\w+)"', browser.get(address).text)[0], "title": "The wall in June"}
    shown = browser.post(address, data={"part": parts, "move": f"up-{parts[2]}", **captions, **form}).text
    assert ids_of(shown) == [parts[0], parts[2], parts[1]]
    assert ids_of(browser.get(address).text) == parts, "nothing is saved yet"
    left = browser.post(address, data={"part": parts, "move": f"remove-{parts[0]}", **captions, **form}).text
    assert ids_of(left) == parts[1:]
    saved = browser.post(address, data={"part": ids_of(shown), **captions, **form})
    assert saved.headers["Location"].endswith("/new"), "it is still being filed"
    work()

    assert "/bring-back" in browser.get(NEW).text, "the order before can be taken back"
    item_page = browser.get(address.removesuffix("/series")).text
    assert "The wall in June" in item_page
    assert re.findall(r"(Picture \d)<br>", item_page) == ["Picture 0", "Picture 2", "Picture 1"]
    browser.get(address.removesuffix("/series") + "?page=2")
    work_and_draw()
    second = browser.get(address.removesuffix("/series") + "?page=2").text
    assert f"versions/{parts[2]}/pictures/1" in second
    assert 'class="caption mt-3">Picture 2<' in second
    assert "Picture 1" in browser.get("/alder-bay/evidence/?q=%22Picture+1%22").text

    stale = browser.post(address, data={"part": parts, **captions, **form})
    assert stale.status_code == 422
    assert "meanwhile" in stale.text
    added = browser.post(f"{address}/files", data={"files": [(io.BytesIO(b"More words."), "more.txt")]})
    assert added.status_code == 302
    work()
    assert len(ids_of(browser.get(address).text)) == 4


def file_series(
    school: School, captions: list[str], contents: Sequence[bytes] = (), media_type: str = "image/jpeg"
) -> Item:
    """A series filed by the coordinator for visitors to see: unless said, of photographs that tell their place."""
    blobs = school.backends.blobs
    parts = []
    contents = contents or [photograph((90 + n, 60)) for n in range(len(captions))]
    for n, (caption, content) in enumerate(zip(captions, contents, strict=True)):
        blob = blobs.put(school.world.school.id, [content])
        parts.append(
            PartFile(
                sha256=blob.sha256,
                size_bytes=blob.size_bytes,
                media_type=media_type,
                file_name=f"IMG_{n}.jpg" if media_type == "image/jpeg" else f"{n}.txt",
                caption=caption,
            )
        )
    listed = blobs.put(school.world.school.id, [evidence.list_of(parts)])
    facts = ItemFacts(title="The wall", visibility=Visibility.SHAREABLE)
    with school.backends.database.unit_of_work() as session:
        return evidence.add_series(session, actor=school.world.coordinator, blob=listed, parts=parts, facts=facts)


def test_visitors_get_every_part_in_order_with_its_caption_and_no_place(
    world: World, backends: Backends, filed: FileItem, work_and_draw: Callable[[], None], client_for: OpenBrowser
) -> None:
    school = School(world, backends, filed, work_and_draw)
    captions = ["Before the unit", "While they build", "The finished bridge"]
    item = file_series(school, captions)
    work_and_draw()
    school.write(None, [item])
    browser = client_for(None)
    room = let_in(browser, school.share(prepared=True))
    pages = list(crawl(browser, room))
    texts = "\n".join(answer.text for _, answer in pages if answer.mimetype == "text/html")
    assert all(caption in texts for caption in captions)
    for address, answer in pages:
        for part in opened(answer.data):
            assert b"GPS" not in part, address
    (bundle,) = [answer.data for _, answer in pages if answer.mimetype == "application/zip"]
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        names = [name for name in archive.namelist() if name.startswith("exhibits/")]
        index = archive.read("index.html").decode()
    assert [name.partition(" ")[2] for name in names if name.endswith(".jpg")] == [
        f"{n:02d} {caption}.jpg" for n, caption in enumerate(captions, 1)
    ]
    assert all(f"{n}. {caption}" in index for n, caption in enumerate(captions, 1))


def test_others_get_each_part_without_its_place(
    world: World, backends: Backends, filed: FileItem, work_and_draw: Callable[[], None], client_for: OpenBrowser
) -> None:
    item = file_series(School(world, backends, filed, work_and_draw), ["One", "Two"])
    work_and_draw()
    reader = client_for(world.reader)
    page = reader.get(f"/alder-bay/evidence/{item.id}").text
    addresses = re.findall(rf'href="(/alder-bay/evidence/{item.id}/versions/\w+/file\?download=1)"', page)
    assert len(addresses) == 2
    for address in addresses:
        assert b"GPS" not in reader.get(address).data
    assert reader.get(f"/alder-bay/evidence/{item.id}/series").status_code in (403, 404)
    whole = f"/alder-bay/evidence/{item.id}/versions/{item.current_version_id}/file"
    assert reader.get(whole).status_code == 404


def test_a_series_comes_back_as_it_was_from_an_earlier_order_and_from_the_bin(
    world: World, backends: Backends, filed: FileItem, work_and_draw: Callable[[], None], client_for: OpenBrowser
) -> None:
    item = file_series(School(world, backends, filed, work_and_draw), ["One", "Two", "Three"])
    browser, address = client_for(world.coordinator), f"/alder-bay/evidence/{item.id}"
    page = browser.get(f"{address}/series").text
    parts, on = ids_of(page), re.findall(r'name="on" value="(\w+)"', page)[0]
    captions = {f"caption-{id}": name for id, name in zip(parts, ("One", "Two", "Three"), strict=True)}
    form = {"part": [parts[2], parts[0]], "on": on, "title": "The wall", **captions}
    done = browser.post(f"{address}/series", data=form, follow_redirects=True).text
    assert ids_of(browser.get(f"{address}/series").text) == [parts[2], parts[0]]
    undo = re.findall(r'"(/[^"]+/bring-back)"', done)[0]
    answer = browser.post(undo, follow_redirects=True).text
    assert "It is version 3 now. The ones between stay." in answer
    assert re.findall(r"(One|Two|Three)<br>", answer) == ["One", "Two", "Three"]
    with backends.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.coordinator, item_ids=[item.id])
    back = browser.post("/alder-bay/evidence/restore", data={"items": item.id}, follow_redirects=True)
    assert "1 is back, with everything it had." in back.text
    assert re.findall(r"(One|Two|Three)<br>", back.text) == ["One", "Two", "Three"]
    assert browser.get(f"{address}/versions/{parts[1]}/file").data[:2] == b"\xff\xd8"
