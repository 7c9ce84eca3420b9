"""Bytes in, bytes out: content-addressed stores for local disk, memory and S3, chosen by URL."""

from storage_adapters.base import BlobStore
from storage_adapters.blob import Blob
from storage_adapters.errors import (
    BadBlobName,
    BadStoreUrl,
    BlobDamaged,
    BlobNotFound,
    BlobTooLarge,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from storage_adapters.opening import open_store

__all__ = [
    "BadBlobName",
    "BadStoreUrl",
    "Blob",
    "BlobDamaged",
    "BlobNotFound",
    "BlobStore",
    "BlobTooLarge",
    "StoreError",
    "StoreFull",
    "StoreUnavailable",
    "open_store",
]
