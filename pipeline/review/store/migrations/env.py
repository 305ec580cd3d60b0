"""Alembic's entry: run the migrations on the connection that :func:`pipeline.review.store.migrate.upgrade` hands in."""

from alembic import context

from pipeline.review.store.migrate import VERSION_TABLE
from pipeline.review.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
