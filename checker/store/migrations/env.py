"""Runs the migrations in a transaction that `checker.store.upgrading` has begun."""

from __future__ import annotations

from alembic import context

from checker.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
