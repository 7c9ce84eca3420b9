"""What can go wrong with a store, each error saying what happened, what was kept and what to do."""


class StoreError(Exception):
    """Base of everything a store raises on its own account; errors of the caller's stream pass through untouched."""


class BlobNotFound(StoreError):
    """The store holds no such blob under this prefix."""

    def __init__(self, prefix: str, sha256: str) -> None:
        super().__init__(
            f"The store holds no file {sha256} under {prefix!r}. Run `evidence verify` to see what else is missing, "
            "and restore it from a backup."
        )
        self.prefix = prefix
        self.sha256 = sha256


class BlobDamaged(StoreError):
    """The bytes held under this name are not the bytes that were stored; nothing of them may be delivered."""

    def __init__(self, prefix: str, sha256: str, found: str) -> None:
        super().__init__(
            f"The file {sha256} under {prefix!r} is damaged: {found}. It was left as it is. "
            "Restore it from a backup, or add the same document again."
        )
        self.prefix = prefix
        self.sha256 = sha256
        self.found = found


class BlobTooLarge(StoreError):
    """The bytes are more than the caller allows; `max_bytes` is the limit."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"The file is larger than the allowed {max_bytes:,} bytes. Nothing of it was kept. "
            "Send a smaller file, or have the limit raised."
        )
        self.max_bytes = max_bytes


class StoreFull(StoreError):
    """There is no room, or would be too little left after this write; nothing was kept."""


class StoreUnavailable(StoreError):
    """The store cannot be reached, refuses us, or is suspect after a failed write; nothing was kept."""


class BadBlobName(StoreError, ValueError):
    """The prefix or the hash is not of the form that can name a blob."""


class BadStoreUrl(StoreError, ValueError):
    """The address of the store cannot be understood or used; the message shows the forms that can."""
