"""What is kept about people: a database in the user's own folder, or PostgreSQL by its URL."""

from checker.store.attachments import InForce, KeptAssessment
from checker.store.backups import restore_store
from checker.store.errors import StoreError
from checker.store.package import PackageError
from checker.store.reading import Lately
from checker.store.storing import Store, open_store

__all__ = ["InForce", "KeptAssessment", "Lately", "PackageError", "Store", "StoreError", "open_store", "restore_store"]
