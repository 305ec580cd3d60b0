"""The triage store: tables, engine, migrations and text search, on SQLite or PostgreSQL."""

from pipeline.review.store import monev_tables, tables
from pipeline.review.store.engine import Store, open_store

__all__ = ["Store", "monev_tables", "open_store", "tables"]
