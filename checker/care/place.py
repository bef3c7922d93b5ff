"""Where somebody is in the programme: which phases are finished, and what follows for each track."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from checker.care.decision import Decision
from checker.care.phase_rules import TRACKS, PhaseRule, Track
from checker.care.rules import Rules

LAST_BY_RULE = 8
"""Phases after it are entered by a physio only."""


@dataclass(frozen=True)
class Place:
    """Where somebody is.

    Attributes:
        finished: phases whose criteria have been met, or that were skipped at the start.
        by_physio: 9 or 10, where a physio has set it.
        since: of each track, the day from which its sessions count.
        returning: phases to be finished once more by good sessions alone.
    """

    finished: frozenset[int]
    by_physio: int | None
    since: dict[Track, date]
    returning: frozenset[int] = frozenset()

    @property
    def visible(self) -> int:
        """The lowest unfinished phase; the last one where all are finished."""
        if self.by_physio is not None:
            return self.by_physio
        return next((n for n in range(1, LAST_BY_RULE + 1) if n not in self.finished), LAST_BY_RULE)


def at_phase(phase: int, today: date) -> Place:
    """The place of somebody who begins with, or is set to, a phase."""
    finished = frozenset(range(1, min(phase, LAST_BY_RULE + 1)))
    return Place(finished, phase if phase > LAST_BY_RULE else None, dict.fromkeys(TRACKS, today))


def read_place(decision: Decision) -> Place | None:
    """The place that a decision was made in; None where the programme had not begun."""
    if decision.visible is None:
        return None
    by_physio = decision.visible if decision.visible > LAST_BY_RULE else None
    finished = frozenset(n for n in decision.finished if n <= LAST_BY_RULE)
    return Place(finished, by_physio, dict(decision.since), frozenset(decision.returning))


def phases_of(track: Track, rules: Rules) -> list[PhaseRule]:
    """The phases of a track, in their order."""
    return [p for p in rules.phases if p.track == track]


def track_phase(track: Track, place: Place, rules: Rules, days: int | None) -> int | None:
    """The phase that a track is in: the first unfinished one that may begin, or the last finished one.

    Args:
        track: which.
        place: where somebody is.
        rules: with what must be finished before, and the earliest day.
        days: since onset; None: not known, then no day is waited for.
    """
    done: int | None = None
    for phase in phases_of(track, rules):
        if phase.number in place.finished:
            done = phase.number
            continue
        waits = days is not None and days < phase.earliest_day
        return done if waits or not set(phase.after) <= place.finished else phase.number
    return done


def open_phases(place: Place, rules: Rules, days: int | None) -> list[tuple[Track, PhaseRule]]:
    """The unfinished phases that somebody is in, the visible one first; none in a physio's phase."""
    if place.by_physio is not None:
        return []
    found = [(track, track_phase(track, place, rules, days)) for track in TRACKS]
    unfinished = [(t, rules.phase(n)) for t, n in found if n is not None and n not in place.finished]
    return sorted(unfinished, key=lambda pair: pair[1].number)


def finish(place: Place, phase: int) -> Place:
    """The place after a phase was finished."""
    return replace(place, finished=place.finished | {phase}, returning=place.returning - {phase})


def one_lower(place: Place) -> Place:
    """The visible phase is one lower, at least 1; what was finished above is to be finished again by good sessions.

    From a physio's phase it is the last one that rules may enter.
    """
    lower = max(1, min(place.visible - 1, LAST_BY_RULE))
    kept = frozenset(n for n in place.finished if n < lower)
    again = (place.finished - kept) | {lower}
    return replace(place, finished=kept, by_physio=None, returning=place.returning | again)


def one_back(place: Place, track: Track, rules: Rules, days: int | None) -> Place:
    """One track goes back by one phase, not below 1."""
    if place.by_physio is not None:
        return one_lower(place)
    phase = track_phase(track, place, rules, days) or place.visible
    reopened = {phase if phase in place.finished else max(rules.phase(phase).after, default=phase)}
    return replace(place, finished=place.finished - reopened, returning=place.returning - reopened)


def track_of(phase: int, rules: Rules) -> Track:
    """The track that a phase lies on; a physio's phases belong to the last one."""
    track = rules.phase(phase).track
    return "strength" if track == "physio" else track


def with_since(place: Place, before: Place | None, today: date, rules: Rules, days: int | None) -> Place:
    """The place, with the sessions of each track counted from today on where its phase is another one."""
    since = dict(place.since)
    for track in TRACKS:
        now = track_phase(track, place, rules, days)
        then = None if before is None else track_phase(track, before, rules, days)
        reopened = before is not None and now is not None and now in before.finished and now not in place.finished
        if before is None or now != then or reopened or track not in since:
            since[track] = today
    return replace(place, since=since)
