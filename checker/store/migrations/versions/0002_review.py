"""Corrections of results: what a reviewer changed or judged. They are never changed, and go only with their session.

Frozen: it says what the table was, and takes nothing from the code of today.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of corrections, and the triggers that keep them as they are."""
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "corrections",
        sa.Column("number", whole, sa.Identity(always=False), nullable=False),
        _id("id"),
        _id("person_id"),
        _id("session_id"),
        _id("assessment_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_corrections"),
        sa.UniqueConstraint("id", name="uq_corrections_id"),
        _belongs("person_id", "people"),
        _belongs("session_id", "sessions"),
        _belongs("assessment_id", "assessments"),
    )
    op.create_index("ix_corrections_session_id", "corrections", ["session_id"])
    op.create_index("ix_corrections_person_at", "corrections", ["person_id", "at"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Corrections cannot be made again, so nothing takes them away."""
    raise NotImplementedError("expected to go on from this schema: what reviewers corrected would be lost")


def _id(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _belongs(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_corrections_{column}", ondelete="CASCADE")


# When a session or a person is deleted, that row is gone already by the time that its corrections follow.

_SQLITE = (
    """CREATE TRIGGER corrections_never_change BEFORE UPDATE ON corrections
    BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END""",
    """CREATE TRIGGER corrections_go_with_their_session BEFORE DELETE ON corrections
    WHEN EXISTS (SELECT 1 FROM sessions WHERE id = OLD.session_id)
    AND EXISTS (SELECT 1 FROM people WHERE id = OLD.person_id)
    BEGIN SELECT RAISE(ABORT, 'a correction goes only with its session'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION corrections_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a correction is never changed'; END $$""",
    """CREATE FUNCTION corrections_go_with_their_session() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM sessions WHERE id = OLD.session_id)
        AND EXISTS (SELECT 1 FROM people WHERE id = OLD.person_id) THEN
            RAISE EXCEPTION 'a correction goes only with its session';
        END IF;
        RETURN OLD;
    END $$""",
    """CREATE TRIGGER corrections_never_change BEFORE UPDATE ON corrections
    FOR EACH ROW EXECUTE FUNCTION corrections_never_change()""",
    """CREATE TRIGGER corrections_go_with_their_session BEFORE DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION corrections_go_with_their_session()""",
    """CREATE TRIGGER corrections_stay BEFORE TRUNCATE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION corrections_never_change()""",
)
