"""Two kept sessions of one movement and one person that are open beside one another, or the two sides of one session.

What was corrected is compared as corrected. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from checker.assessment import DoseRef
from checker.care.change_rules import load_change_rules
from checker.care.records import History, Session
from checker.care.series import newest_records
from checker.care.two_sessions import Difference, Unlike, two_sessions, two_sides, unlike
from checker.comparing.take import Take, takes_of
from checker.exercise import Exercise
from checker.service.reviewing import Review, ReviewError, review_of_session
from checker.store import Store

MOST: Final = 30
"""So many sessions are offered: a month of one a day."""

OTHER_RULES: Final = (
    "The rules have changed since one of them was measured. The curves and drawings are by the rules of today, the "
    "values are those of then."
)


@dataclass(frozen=True, slots=True)
class Partner:
    """A session that another one can be held against; `apart`: why nothing is told of their difference."""

    session: Session
    apart: tuple[Unlike, ...]


def partners(store: Store, history: History, now: Session) -> list[Partner]:
    """The other measured sessions of the same movement, the newest first.

    Raises:
        checker.store.StoreError: what was asked for in one of them cannot be read.
    """
    own = [s for s in newest_records(history) if s.exercise == now.exercise and s.assessment_id is not None]
    others = [s for s in reversed(own) if s.id != now.id][:MOST]
    asked = _asked(store, now)
    found = []
    for session in others:
        then, later = sorted((session, now), key=lambda s: s.at)
        doses = (_asked(store, session), asked)
        found.append(Partner(session, unlike(history, then, later, load_change_rules(), doses)))
    return found


def usual(found: Sequence[Partner], now: Session) -> Partner | None:
    """The last one before a session that compares with it; else the last one before it, or else the next one after."""
    before = [p for p in found if p.session.at <= now.at]
    after = [p for p in found if p.session.at > now.at]
    alike = [p for p in before if not p.apart]
    return next(iter([*alike, *before, *reversed(after)]), None)


class Beside:
    """Two sessions beside one another.

    Attributes:
        then, now: the earlier one and the later one; the same one where its two sides are compared.
        reviews: of the two; None of one whose poses were not kept, with `problems` in its place.
        problems: why there is no drawing and no curve; empty where there are both.
    """

    def __init__(
        self, store: Store, exercise: Exercise, two: tuple[Session, Session],
        then_of: Callable[[Session], Exercise | None] | None = None,
    ) -> None:  # fmt: skip
        """Open them.

        Args:
            store: where they are kept.
            exercise: their movement, as it is for the person today.
            two: the sessions, in any order; the same one twice for its two sides.
            then_of: gives the movement as it was for the person in a session: each is judged by its own.

        Raises:
            checker.store.StoreError: one of them cannot be read.
        """
        self.exercise = exercise
        self._then_of = then_of
        self.then, self.now = sorted(two, key=lambda s: s.at)
        self.problems: list[str] = []
        one = self._open(store, self.then)
        self.reviews = (one, one if self.is_one else self._open(store, self.now))
        self._doses = (_asked(store, self.then), _asked(store, self.now))

    @property
    def is_one(self) -> bool:
        """Whether it is one session, whose sides are compared."""
        return self.then.id == self.now.id

    @property
    def is_as_then(self) -> bool:
        """Whether the rules of today give the results of then."""
        return all(review is None or review.is_as_then for review in self.reviews)

    def differences(self, history: History) -> list[Difference]:
        """Every value of both, with what is told of their difference: of the sessions as they are kept now."""
        then, now = self.newest(history)
        rules = load_change_rules()
        if self.is_one:
            return two_sides(history, self.exercise, now, rules)
        apart = unlike(history, then, now, rules, self._doses)
        return two_sessions(history, self.exercise, then, now, rules, apart)

    def newest(self, history: History) -> tuple[Session, Session]:
        """Both as they are kept now: somebody may have corrected them meanwhile."""
        kept = {s.id: s for s in history.sessions}
        return kept.get(self.then.id, self.then), kept.get(self.now.id, self.now)

    def takes(self, side: str | None) -> tuple[list[Take], list[Take]]:
        """The repetitions or holds of both: of a side, or of one session its left and its right ones."""
        sides = ("left", "right") if self.is_one else (side, side)
        then, now = (
            [] if review is None else takes_of(self.exercise, review.result, of)
            for review, of in zip(self.reviews, sides, strict=True)
        )
        return then, now

    def refresh(self) -> None:
        """Take up what was corrected meanwhile.

        Raises:
            ReviewError: the rules of today cannot judge it.
            checker.store.StoreError: it cannot be read.
        """
        for review in self.reviews:
            if review is not None:
                review.refresh()

    def _open(self, store: Store, session: Session) -> Review | None:
        try:
            own = self._then_of(session) if self._then_of is not None else None
            return review_of_session(store, session, own or self.exercise)
        except ReviewError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))
            return None


def find_session(history: History, session_id: str) -> Session | None:
    """A person's own session of which something was measured; None for every other id, whatever it is."""
    try:
        wanted = UUID(session_id)
    except ValueError:
        return None
    found = [s for s in history.sessions if s.id == wanted and s.assessment_id is not None]
    return found[-1] if found else None


def _asked(store: Store, session: Session) -> DoseRef | None:
    """What was asked for in a session; None where that is not known."""
    kept = None if session.assessment_id is None else store.assessment(session.assessment_id)
    dose = None if kept is None else kept.in_force.dose
    try:
        return None if dose is None else DoseRef.model_validate(dose)
    except ValidationError:  # of a newer BackCheck
        return None
