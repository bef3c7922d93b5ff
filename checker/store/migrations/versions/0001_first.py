"""The first schema.

Frozen: it says what the tables were, and takes nothing from the code of today.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the first schema, and the triggers that keep events as they are."""
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _text("name"),
        _text("document"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    _kind("profiles")
    _kind("episodes", sa.Column("onset", sa.Date(), nullable=False))
    _kind("answers", _text("question"), _text("answer"))
    _kind("releases", _text("question"))
    _kind("check_ins", _text("kind"), sa.Column("session_id", sa.Uuid(), nullable=True))
    _kind("ladder", sa.Column("rung", sa.Integer(), nullable=False))
    _kind("activities", _text("activity"))
    _kind("outcomes", _text("instrument"))
    _kind("plan", sa.Column("for_day", sa.Date(), nullable=False), _text("exercise"))
    ended = sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True)
    _kind("sessions", _text("exercise"), _text("how"), ended)
    _kind("pain_marks", _session_id(), _of_session("pain_marks"))
    op.create_index("ix_pain_marks_session_id", "pain_marks", ["session_id"])
    _kind("events", _text("kind"), _text("who"))
    _assessments()
    _tracks()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise NotImplementedError("there is no schema before the first one")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number() -> sa.Column[Any]:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("number", whole, sa.Identity(always=False), nullable=False)


def _id(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _session_id() -> sa.Column[Any]:
    return _id("session_id")


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_person_id"
    return sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=name, ondelete="CASCADE")


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_session_id"
    return sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=name, ondelete="CASCADE")


def _kind(name: str, *more: sa.schema.SchemaItem) -> None:
    """Make the table of one kind of record."""
    op.create_table(
        name,
        _number(),
        _id("id"),
        _id("person_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("zone"),
        *more,
        _text("document"),
        sa.PrimaryKeyConstraint("number", name=f"pk_{name}"),
        sa.UniqueConstraint("id", name=f"uq_{name}_id"),
        _of_person(name),
    )
    op.create_index(f"ix_{name}_person_at", name, ["person_id", "at"])


def _assessments() -> None:
    op.create_table(
        "assessments",
        _number(),
        _id("id"),
        _id("person_id"),
        _session_id(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("exercise"),
        _text("exercise_sha256"),
        _text("document"),
        _text("result"),
        sa.PrimaryKeyConstraint("number", name="pk_assessments"),
        sa.UniqueConstraint("id", name="uq_assessments_id"),
        _of_person("assessments"),
        _of_session("assessments"),
    )
    op.create_index("ix_assessments_session_id", "assessments", ["session_id"])
    op.create_index("ix_assessments_person_at", "assessments", ["person_id", "at"])


def _tracks() -> None:
    op.create_table(
        "tracks",
        _session_id(),
        _id("person_id"),
        sa.Column("npz", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_tracks"),
        _of_session("tracks"),
        _of_person("tracks"),
    )
    op.create_index("ix_tracks_person_id", "tracks", ["person_id"])


# When a person is deleted, the row is gone already by the time that its events follow.

_SQLITE = (
    """CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END""",
    """CREATE TRIGGER events_go_with_their_person BEFORE DELETE ON events
    WHEN EXISTS (SELECT 1 FROM people WHERE id = OLD.person_id)
    BEGIN SELECT RAISE(ABORT, 'an event goes only with its person'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION events_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an event is never changed'; END $$""",
    """CREATE FUNCTION events_go_with_their_person() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM people WHERE id = OLD.person_id) THEN
            RAISE EXCEPTION 'an event goes only with its person';
        END IF;
        RETURN OLD;
    END $$""",
    """CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION events_never_change()""",
    """CREATE TRIGGER events_go_with_their_person BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_go_with_their_person()""",
    """CREATE TRIGGER events_stay BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_never_change()""",
)
