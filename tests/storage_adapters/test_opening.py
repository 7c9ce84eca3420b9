"""From an address to a store: each form works, each mistake is told with the forms that do."""

import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage_adapters import BadStoreUrl, StoreError, open_store
from storage_adapters.local import LocalStore


def test_memory_stores_of_one_name_are_one_store() -> None:
    assert open_store("memory:one-name") is open_store("memory:one-name")
    assert open_store("memory:one-name") is not open_store("memory:another")
    assert open_store("memory:") is open_store("memory:")


def test_folder_may_hold_blanks_and_letters_of_any_language(tmp_path: Path) -> None:
    folder = tmp_path / "école d'été 100%"
    store = open_store(folder.as_uri())
    assert isinstance(store, LocalStore)
    assert store.root == folder


def test_nothing_is_reached_when_a_bucket_is_opened() -> None:
    with closing(open_store("s3://some-bucket/a/b?region=eu-south-1")):
        pass
    with closing(open_store("s3://some-bucket?endpoint=http://127.0.0.1:1&region=us-east-1")):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/var/lib/evidence",
        "ftp://host/folder",
        "file:folder",
        "file://server/share",
        "file:///",
        "file:///data?reserve_mib=-1",
        "file:///data?reserve_mib=",
        "file:///data?reserve_mb=5",
        "memory:?size=1",
        "s3:///no-bucket",
        "s3://UPPER/case",
        "s3://bucket/../escape",
        "s3://bucket/white space",
        "s3://bucket/base?endpoint=host:9000",
        "s3://bucket/base?endpoint=http://",
        "s3://key:secret@bucket/base",
        "s3://bucket/base?acl=public",
    ],
)
def test_address_that_cannot_be_used_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(BadStoreUrl, match=r"Use file:///FOLDER|must be|Keep credentials out") as told:
        open_store(url)
    assert isinstance(told.value, StoreError)
    assert "secret@" not in str(told.value)


def test_bucket_without_boto3_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "storage_adapters.s3", None)
    with pytest.raises(BadStoreUrl, match=r"evidence-app\[s3\]"):
        open_store("s3://bucket/base")
