"""The tables: for each kind of record what is searched or constrained, and the record itself as JSON.

The database is made by the migrations, never from here; a test holds the two together.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)
"""Every constraint has a name, so that a migration can change it."""

people: Final = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
)


def _number() -> Column[int]:
    """The order in which records came in: it orders those of one moment."""
    return Column("number", BigInteger().with_variant(Integer, "sqlite"), Identity(always=False), primary_key=True)


def _owner() -> Column[Any]:
    return Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), nullable=False)


def _of_session(**options: Any) -> Column[Any]:
    return Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, **options)


def _kind(name: str, *columns: Column[Any]) -> Table:
    """Return the table of one kind of record. `document` is the record as pydantic writes it."""
    return Table(
        name,
        metadata,
        _number(),
        Column("id", Uuid, nullable=False, unique=True),
        _owner(),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("zone", Text, nullable=False),
        *columns,
        Column("document", Text, nullable=False),
        Index(f"ix_{name}_person_at", "person_id", "at"),
    )


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


profiles: Final = _kind("profiles")
episodes: Final = _kind("episodes", Column("onset", Date, nullable=False))
answers: Final = _kind("answers", _text("question"), _text("answer"))
releases: Final = _kind("releases", _text("question"))
check_ins: Final = _kind("check_ins", _text("kind"), Column("session_id", Uuid))
ladder: Final = _kind("ladder", Column("rung", Integer, nullable=False))
activities: Final = _kind("activities", _text("activity"))
outcomes: Final = _kind("outcomes", _text("instrument"))
plan: Final = _kind("plan", Column("for_day", Date, nullable=False), _text("exercise"))
sessions: Final = _kind("sessions", _text("exercise"), _text("how"), Column("ended_at", DateTime(timezone=True)))
pain_marks: Final = _kind("pain_marks", _of_session(index=True))
events: Final = _kind("events", _text("kind"), _text("who"))
"""Append-only: triggers refuse any change, and a deletion but with the person."""

assessments: Final = Table(
    "assessments",
    metadata,
    _number(),
    Column("id", Uuid, nullable=False, unique=True),
    _owner(),
    _of_session(index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    _text("exercise"),
    _text("exercise_sha256"),
    _text("document"),
    _text("result"),
    Index("ix_assessments_person_at", "person_id", "at"),
)
"""`result` is the JSON of the result, letter by letter as it was; `document` what was in force then."""

tracks: Final = Table(
    "tracks",
    metadata,
    _of_session(primary_key=True),
    _owner(),
    Column("npz", LargeBinary, nullable=False),
    Index("ix_tracks_person_id", "person_id"),
)
"""The poses of a session, as `PoseTrack.save` writes them: compressed."""

corrections: Final = Table(
    "corrections",
    metadata,
    _number(),
    Column("id", Uuid, nullable=False, unique=True),
    _owner(),
    _of_session(index=True),
    Column("assessment_id", Uuid, ForeignKey("assessments.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    _text("who"),
    _text("document"),
    Index("ix_corrections_person_at", "person_id", "at"),
)
"""What reviewers corrected or judged of a result. Append-only: triggers refuse any change, and a deletion but with the
session or the person."""

accounts: Final = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    _text("issuer"),
    _text("subject"),
    _text("role"),
    Column("person_id", Uuid, ForeignKey("people.id", ondelete="CASCADE"), unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    _text("name"),
    _text("email"),
    UniqueConstraint("issuer", "subject"),
)
"""Of a clinic alone: who has signed in. It goes with its person."""

audit: Final = Table(
    "audit",
    metadata,
    _number(),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("account_id", Uuid),
    _text("role"),
    _text("action"),
    _text("what"),
    Column("person_id", Uuid),
    Index("ix_audit_person_at", "person_id", "at"),
)
"""Of a clinic alone: who looked at what. Append-only: triggers refuse any change and any deletion. It names accounts
and people by their ids alone, so that it stays when they are deleted, and holds no name of theirs then."""
