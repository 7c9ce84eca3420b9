"""Office files under a password, opened with the one that was given. A PDF is opened by its own library."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Final

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.draft import Encrypted, Source

_LOCKABLE: Final = frozenset({media_types.ENCRYPTED_OOXML, media_types.DOC, media_types.XLS, media_types.PPT})


def unlocked(source: Source) -> Source:
    """The source without its lock; the same where there is none, or where no password was given.

    Raises Encrypted where the file is locked and the password does not open it.
    """
    if not source.password or source.media_type not in _LOCKABLE:
        return source
    import msoffcrypto
    from msoffcrypto.exceptions import InvalidKeyError

    source.file.seek(0)
    opened = io.BytesIO()
    # An old format has no way to check a password before it is used.
    checked = {"verify_password": True} if source.media_type == media_types.ENCRYPTED_OOXML else {}
    try:
        locked = msoffcrypto.OfficeFile(source.file)
        if not locked.is_encrypted():
            return source
        locked.load_key(password=source.password, **checked)
        locked.decrypt(opened)
    except InvalidKeyError as error:
        raise Encrypted("wrong-password") from error
    except MemoryError:
        raise
    except Exception as error:  # whatever the library raises on a broken file
        raise Encrypted("encrypted-otherwise") from error
    size = opened.tell()
    return replace(source, file=opened, size_bytes=size, media_type=media_types.sniff(opened, source.name))
