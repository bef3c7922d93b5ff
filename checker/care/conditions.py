"""Under which conditions a session was measured: the time of day and where the camera stood; and which are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from checker.care.change_rules import ChangeRules
from checker.care.records import Session, Setting

Difference = Literal["time", "camera"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of one session, or of a baseline.

    Attributes:
        hour: local time of day, 0 to 24; None where it is not known.
    """

    at: datetime
    hour: float | None
    setting: Setting


@dataclass(frozen=True, slots=True)
class Held:
    """A session held against its baseline.

    Attributes:
        stretch: sessions of one number have one baseline.
        unlike: in what it differs from the baseline; None where in nothing.
    """

    stretch: int
    unlike: Difference | None


def conditions_of(session: Session) -> Conditions:
    """The conditions of a session."""
    return Conditions(session.at, local_hour(session) if session.hour_known else None, session.setting)


def local_hour(session: Session) -> float:
    """The local time of day at which a session began, hours from 0 to 24."""
    local = session.at.astimezone(ZoneInfo(session.zone))
    return local.hour + local.minute / 60 + local.second / 3600


def held_against_baseline(sessions: Sequence[Conditions], rules: ChangeRules) -> list[Held]:
    """Hold each session against the baseline of its stretch.

    Conditions that changed for good begin a new stretch: so many sessions in a row that are unlike the baseline and
    alike one another. Before a baseline is complete, nothing is left out.

    Args:
        sessions: of one measure and one version of everything, in order of time.
        rules: of change.
    """
    held: list[Held] = []
    stretch = 0
    while len(held) < len(sessions):
        rest = sessions[len(held) :]
        found = _baseline(rest, rules)
        if found is None:
            return held + [Held(stretch, None) for _ in rest]
        complete, baseline = found
        end = _moved(rest, complete, baseline, rules)
        held += [Held(stretch, difference(s, baseline, rules)) for s in rest[:end]]
        stretch += 1
    return held


def difference(one: Conditions, other: Conditions, rules: ChangeRules) -> Difference | None:
    """In what two differ, the time of day first; None where in nothing. What is not known differs in nothing."""
    return next(iter(differences(one, other, rules)), None)


def differences(one: Conditions, other: Conditions, rules: ChangeRules) -> list[Difference]:
    """All in which two differ, the time of day first. What is not known differs in nothing."""
    found: list[Difference] = []
    if one.hour is not None and other.hour is not None:
        found += ["time"] if abs(hours_between(one.hour, other.hour)) > rules.same.hours.value else []
    if camera_differs(one.setting, other.setting, rules):
        found.append("camera")
    return found


def camera_differs(one: Setting, other: Setting, rules: ChangeRules) -> bool:
    """Whether it is another camera, or the same one in another place."""
    pairs = ((one.view, other.view), (one.device, other.device))
    if any(a is not None and b is not None and a != b for a, b in pairs):
        return True
    if turned_otherwise(one.yaw_deg, other.yaw_deg, rules):
        return True
    if one.distance_t is None or other.distance_t is None:
        return False
    near, far = sorted((one.distance_t, other.distance_t))
    return far > (1.0 + rules.same.distance_share.value) * near


def turned_otherwise(one_deg: float | None, other_deg: float | None, rules: ChangeRules) -> bool:
    """Whether somebody is turned from the view by too much more than another time, degrees; None: not known."""
    return one_deg is not None and other_deg is not None and abs(one_deg - other_deg) > rules.same.yaw_deg.value


def hours_between(hour: float, other: float) -> float:
    """How much later one time of day is than another, in [-12, 12) hours: midnight is no wall."""
    return (hour - other + 12.0) % 24.0 - 12.0


def _baseline(sessions: Sequence[Conditions], rules: ChangeRules) -> tuple[int, Conditions] | None:
    """Where the first sessions that are alike are complete, and their conditions, with the median hour."""
    for i, last in enumerate(sessions):
        alike: list[Conditions] = []
        for earlier in sessions[:i]:
            if difference(earlier, last, rules) is None and all(_apart(earlier, s, rules) for s in [*alike, last]):
                alike.append(earlier)
        if len(alike) + 1 >= rules.change.baseline_sessions.value:
            return i, replace(last, hour=_middle([s.hour for s in [*alike, last] if s.hour is not None]))
    return None


def _middle(hours: Sequence[float]) -> float | None:
    """The median time of day; None of none."""
    if not hours:
        return None
    return (hours[-1] + median(hours_between(hour, hours[-1]) for hour in hours)) % 24.0


def _apart(one: Conditions, other: Conditions, rules: ChangeRules) -> bool:
    return abs(one.at - other.at) >= timedelta(hours=rules.change.apart_h.value)


def _moved(sessions: Sequence[Conditions], complete: int, baseline: Conditions, rules: ChangeRules) -> int:
    """The first session of new conditions that stayed; the number of all where there is none."""
    run: list[int] = []
    for i in range(complete + 1, len(sessions)):
        run = [*run, i] if difference(sessions[i], baseline, rules) is not None else []
        newest = run[-rules.same.moved_after.value :]
        pairs = combinations((sessions[n] for n in newest), 2)
        if len(newest) == rules.same.moved_after.value and all(difference(a, b, rules) is None for a, b in pairs):
            return newest[0]
    return len(sessions)
