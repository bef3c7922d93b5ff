"""The sessions of one test or measure and one side in order of time: what each gave, and whether it compares.

Two sessions compare where they were alike: the same model and movement, the same time of day, both after a painkiller
or both without, the camera in about the same place. Another model or movement, or a new episode, begins a new stretch,
with a baseline of its own. The other conditions leave a single session out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from checker.assessment import LimitedBy
from checker.care.change_rules import ChangeRules
from checker.care.conditions import (
    Conditions,
    Difference,
    camera_differs,
    conditions_of,
    held_against_baseline,
    local_hour,
)
from checker.care.followed import Followed
from checker.care.records import CheckIn, History, Phase, Session, SideRange, Value

What = Literal["first", "furthest", "measure"]
"""Excursion at the first pain (R1), the furthest one (R2), or a measure of a session as it is."""

Mark = Literal["episode", "rules", "model", "camera", "time"]
"""What changed at a session: a new episode, the movement's file, the pose model, the camera, the usual time of day."""


class WhyNot(StrEnum):
    """Why a session does not compare."""

    NOT_MEASURED = "not_measured"
    UNCHECKED = "unchecked"
    REPEAT = "repeat"
    PAINKILLER = "painkiller"
    NO_PAINKILLER = "no_painkiller"
    OTHER_TIME = "other_time"
    CAMERA = "camera"


_UNLIKE: Final[dict[Difference, WhyNot]] = {"time": WhyNot.OTHER_TIME, "camera": WhyNot.CAMERA}

Version = tuple[int, str, str]
"""How many episodes there were, and the fingerprints of the movement's file and of the model."""

_VERSION_MARKS: Final[tuple[Mark, Mark, Mark]] = ("episode", "rules", "model")


@dataclass(frozen=True, slots=True)
class Point:
    """One session.

    Attributes:
        day: the local day.
        hour: the local time of day, hours.
        value: what is followed; None where it was not measured.
        furthest, start, end: of a test, besides: R2, the start posture and the end position, absolute angles.
        why_not: why it does not compare; None where it does.
        stretch: sessions of one number compare with one another.
        marks: what changed since the session before.
    """

    session_id: UUID
    at: datetime
    day: date
    hour: float
    value: Value | None
    furthest: Value | None = None
    start: Value | None = None
    end: Value | None = None
    limited_by: LimitedBy | None = None
    phase: Phase | None = None
    why_not: WhyNot | None = None
    stretch: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it compares with its stretch."""
        return self.value is not None and self.why_not is None

    @property
    def hollow(self) -> bool:
        """Whether it is drawn hollow: measured, under other conditions than the rest."""
        return self.value is not None and self.why_not not in {None, WhyNot.UNCHECKED}


@dataclass(frozen=True, slots=True)
class Series:
    """All sessions of one measure and side, in order of time."""

    followed: Followed
    what: What
    points: tuple[Point, ...]

    @property
    def stretch(self) -> tuple[Point, ...]:
        """The points of the newest stretch."""
        newest = self.points[-1].stretch if self.points else 0
        return tuple(p for p in self.points if p.stretch == newest)

    @property
    def usable(self) -> tuple[Point, ...]:
        """Those of the newest stretch that compare."""
        return tuple(p for p in self.stretch if p.usable)


def series_of(history: History, followed: Followed, rules: ChangeRules, what: What = "first") -> Series:
    """Everything measured of one test or measure and one side.

    The time of day that sessions are held against is the median hour of the stretch's baseline: the first sessions
    that were alike one another. So a first try at an odd hour does not set the hour for all that follow; and the hour
    stays when the baseline starts anew after news, or it could creep through the day in steps that each seem small.
    A painkiller of which nothing is known counts as none. Days with one compare with days with one, and days without
    with days without: somebody who takes one every day hears of a change as well. Which of the two are followed is
    the person's habit: the first that there is a baseline of, until several sessions in a row are otherwise.
    """
    sessions = [s for s in newest_records(history) if s.exercise == followed.exercise]
    points = [_point(s, followed, what) for s in sessions]
    taken = [after_painkiller(s, history.check_ins, rules) for s in sessions]
    versions = _versions(sessions, points, history)
    whole: list[Point] = []
    for _, group in groupby(range(len(sessions)), key=lambda i: versions[i]):
        own = list(group)
        first = whole[-1].stretch + 1 if whole else 0
        like = _like_the_habit([points[i] for i in own], [taken[i] for i in own], rules)
        compared = _compared(like, [conditions_of(sessions[i]) for i in own], rules)
        whole += [replace(p, stretch=first + p.stretch) for p in compared]
    return Series(followed, what, tuple(_marked(whole, sessions, versions, rules)))


def newest_records(history: History) -> list[Session]:
    """Each session once, by the newest record of its id, in order of time."""
    return sorted({s.id: s for s in history.sessions}.values(), key=lambda s: s.at)


def after_painkiller(session: Session, check_ins: Sequence[CheckIn], rules: ChangeRules) -> bool:
    """Whether a painkiller was taken in the hours before a session, by its own check-in or one shortly before it.

    Where the hour of the session is not known, nothing is shortly before it.
    """
    own = [c.painkiller for c in check_ins if c.session_id == session.id and c.kind == "before"]
    answered = [taken for taken in own if taken is not None]
    if answered:
        return answered[-1]
    span = timedelta(hours=rules.same.painkiller_h.value)
    return session.hour_known and any(c.painkiller for c in check_ins if timedelta() <= session.at - c.at <= span)


def value_of(session: Session, followed: Followed, what: What) -> Value | None:
    """What a session measured; None where it did not."""
    if what == "measure":
        return session.measures.get(followed.key)
    side_range = _range(session, followed)
    if side_range is None:
        return None
    return side_range.first if what == "first" else side_range.furthest


def _range(session: Session, followed: Followed) -> SideRange | None:
    """The range of the side; of a movement without sides its only one."""
    if followed.side is None:
        return session.ranges[0] if len(session.ranges) == 1 else None
    return next((r for r in session.ranges if r.side == followed.side), None)


def _point(session: Session, followed: Followed, what: What) -> Point:
    """A session by itself, before it is held against others."""
    value, side_range = value_of(session, followed, what), _range(session, followed)
    why: WhyNot | None = None
    if value is None:
        why = WhyNot.NOT_MEASURED
    elif not followed.checked:
        why = WhyNot.UNCHECKED
    elif session.repeat_of is not None:
        why = WhyNot.REPEAT
    return Point(
        session_id=session.id,
        at=session.at,
        day=session.day,
        hour=local_hour(session),
        value=value,
        furthest=side_range.furthest if side_range else None,
        start=side_range.start if side_range else None,
        end=side_range.end if side_range else None,
        limited_by=side_range.limited_by if side_range else None,
        phase=session.phase,
        why_not=why,
    )


def _versions(sessions: Sequence[Session], points: Sequence[Point], history: History) -> list[Version]:
    """What each session was measured with; one without a value counts to the one before it."""
    onsets = {e.onset for e in history.episodes}
    found: list[Version] = []
    for session, point in zip(sessions, points, strict=True):
        own = _version(session, onsets)
        found.append(own if point.value is not None or not found else found[-1])
    return found


def _version(session: Session, onsets: set[date]) -> Version:
    return sum(o <= session.day for o in onsets), session.compared, session.model_sha256


def version_marks(then: Session, now: Session, history: History) -> list[Mark]:
    """What lies between two sessions across which nothing is compared: an episode, the movement's file, the model."""
    onsets = {e.onset for e in history.episodes}
    return _changed(_version(then, onsets), _version(now, onsets))


def _changed(old: Version, new: Version) -> list[Mark]:
    return [name for name, a, b in zip(_VERSION_MARKS, old, new, strict=True) if a != b]


def _like_the_habit(points: Sequence[Point], taken: Sequence[bool], rules: ChangeRules) -> list[Point]:
    """Points of one version; those after a painkiller are left out where the habit is none, and the other way round."""
    told = [t for p, t in zip(points, taken, strict=True) if p.usable]
    habit: bool | None = None
    for i in range(len(told)):
        newest = told[: i + 1][-rules.same.moved_after.value :]
        if habit is None and told[: i + 1].count(told[i]) >= rules.change.baseline_sessions.value:
            habit = told[i]
        elif len(newest) == rules.same.moved_after.value and len(set(newest)) == 1:
            habit = newest[0]
    out = WhyNot.NO_PAINKILLER if habit else WhyNot.PAINKILLER
    return [
        replace(p, why_not=out) if p.usable and habit is not None and t != habit else p
        for p, t in zip(points, taken, strict=True)
    ]


def _compared(points: Sequence[Point], conditions: Sequence[Conditions], rules: ChangeRules) -> list[Point]:
    """Points of one version, each held against the baseline of its stretch, which are numbered from 0."""
    candidates = [i for i, p in enumerate(points) if p.usable]
    held = dict(zip(candidates, held_against_baseline([conditions[i] for i in candidates], rules), strict=True))
    stretch, found = 0, []
    for i, point in enumerate(points):
        why = point.why_not
        if i in held:
            stretch, unlike = held[i].stretch, held[i].unlike
            why = _UNLIKE[unlike] if unlike else None
        found.append(replace(point, stretch=stretch, why_not=why))
    return found


def _marked(
    points: Sequence[Point], sessions: Sequence[Session], versions: Sequence[Version], rules: ChangeRules
) -> list[Point]:
    """The same, each measured one with what changed since the measured one before it."""
    found, before = [], None
    for i, point in enumerate(points):
        marks: list[Mark] = []
        if point.value is not None:
            if before is not None:
                marks += _changed(versions[before], versions[i])
                if camera_differs(sessions[before].setting, sessions[i].setting, rules):
                    marks.append("camera")
                if not marks and points[before].stretch != point.stretch:
                    marks.append("time")
            before = i
        found.append(replace(point, marks=tuple(marks)))
    return found
