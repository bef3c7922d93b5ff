"""On, back and stay: what the days in a phase lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checker.care import facts, flare
from checker.care.criteria import Finding, Scene, day_kind, judge, needs
from checker.care.decision import Decision, LeftOut, Unmet
from checker.care.facts import SessionDay
from checker.care.overrides import Overrides
from checker.care.phase_rules import Criterion, NoLoss, OkSessions, PhaseRule, RangeMeasured, Track
from checker.care.place import Place, finish, one_back, open_phases, track_of
from checker.care.records import Event, History
from checker.care.rules import Rules
from checker.exercise import Exercise
from checker.safety import phase_label


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a person on a day.

    Attributes:
        history: known on `today`.
        base: the last decision of an earlier day, with the event that kept it; None: there is none.
        days: since onset.
        lost: self-tests whose loss of range is confirmed, with the day on which it was.
    """

    history: History
    today: date
    rules: Rules
    exercises: Mapping[str, Exercise]
    base: Decision | None
    base_event: Event | None
    set_by_physio: Overrides
    barred: Mapping[str, LeftOut]
    days: int | None
    lost: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Move:
    """A place that days have led to: why, by which rule, by which records."""

    place: Place
    moved: str
    reason: str
    rule: str
    inputs: tuple[str, ...]


# --- back -----------------------------------------------------------------------------------------


def hard_day(case: Case, since: date) -> SessionDay | None:
    """The last day with sessions, where it was a hard one."""
    days = facts.session_days(case.history, since, case.today)
    return days[-1] if days and day_kind(days[-1], case.rules) == "hard" else None


def back(place: Place, case: Case, since: date) -> Move | None:
    """One track one phase back: hard days, two nights that did not settle, or a confirmed loss of range.

    Args:
        place: where somebody is.
        case: what is known.
        since: the first day that counts: no day leads back twice.
    """
    found = _loss(case, since) or _hard(place, case, since) or _unsettled(place, case, since)
    if found is None:
        return None
    track, why, rule, inputs = found
    after = one_back(place, track, case.rules, case.days)
    if after.finished == place.finished and after.by_physio == place.by_physio:
        return Move(place, "back", f"{why} You stay in phase {phase_label(place.visible)}, with less.", rule, inputs)
    text = f"{why} So you go back one step, and are in phase {phase_label(after.visible)}."
    return Move(after, "back", text, rule, inputs)


_Why = tuple[Track, str, str, tuple[str, ...]]


def _loss(case: Case, since: date) -> _Why | None:
    tests = sorted(test for test, day in case.lost.items() if since <= day <= case.today)
    if not tests:
        return None
    names = " and ".join(test.replace("_", " ") for test in tests)
    return "mobility", f"The range before pain has become clearly less, twice in a row: {names}.", "back/loss", ()


def _hard(place: Place, case: Case, since: date) -> _Why | None:
    rule = case.rules.programme.back
    enough = case.set_by_physio.back_after or rule.back_after
    days = facts.session_days(case.history, since, case.today)[-max(rule.within, enough) :]
    hard = [d for d in days if day_kind(d, case.rules) == "hard"]
    if len(hard) < enough:
        return None
    figures = ", ".join(_figures(d) for d in hard)
    why = f"{len(hard)} of your last {len(days)} sessions were hard ({figures})."
    return _track(hard, place, case), why, "back/hard", tuple(i for d in hard for i in d.inputs)


def _figures(day: SessionDay) -> str:
    after = f"pain {day.after} after" if day.after is not None else "pain not told"
    return f"{after}, up by {day.rise}" if day.rise is not None and day.rise > 0 else after


def _unsettled(place: Place, case: Case, since: date) -> _Why | None:
    count = case.rules.programme.back.longer_in_a_row
    days = [d for d in facts.session_days(case.history, since, case.today) if d.settled is not None][-count:]
    if len(days) < count or any(d.settled != "longer" for d in days):
        return None
    why = f"{count} sessions in a row took longer than the night to settle."
    return _track(days, place, case), why, "back/settle", tuple(i for d in days for i in d.inputs)


def _track(days: list[SessionDay], place: Place, case: Case) -> Track:
    """The track whose movements were done on those days most; the visible phase's where none stands out."""
    counts: Counter[Track] = Counter()
    for track, phase in open_phases(place, case.rules, case.days):
        names = {*phase.exercises, *phase.tests}
        counts[track] = sum(s.exercise in names for d in days for s in d.sessions)
    usual = track_of(place.visible, case.rules)
    best = max(counts.values(), default=0)
    return usual if not best or counts[usual] == best else max(counts, key=lambda t: counts[t])


# --- on -------------------------------------------------------------------------------------------


def on(place: Place, case: Case) -> Move | None:
    """Every open phase whose criteria all hold is finished; None: none is."""
    after, reasons, inputs, numbers = place, [], [], []
    for track, phase in open_phases(place, case.rules, case.days):
        asked, _ = asked_of(phase, place, case)
        found = [judge(c, scene_of(track, place, case)) for c in asked]
        if found and all(f.met for f in found):
            after = finish(after, phase.number)
            numbers.append(phase.number)
            texts = "; ".join(f.text for f in found)
            reasons.append(f"Phase {phase_label(phase.number)} is finished: {texts}.")
            inputs += [i for f in found for i in f.inputs]
    if not numbers:
        return None
    rule = "+".join(f"phase-{n}/on" for n in numbers)
    return Move(after, "on", " ".join(reasons), rule, tuple(dict.fromkeys(inputs)))


def scene_of(track: Track, place: Place, case: Case) -> Scene:
    """What the criteria of a track's phase look at."""
    return Scene(
        history=case.history,
        today=case.today,
        since=place.since.get(track, case.today),
        rules=case.rules,
        flares=tuple(flare.flare_days(case.history)),
        targets=case.set_by_physio.targets,
    )


def asked_of(phase: PhaseRule, place: Place, case: Case) -> tuple[list[Criterion], list[LeftOut]]:
    """The criteria of a phase that are asked of this person, and those that are not, because of what is left out.

    A phase that a flare-up or a pause has opened again is finished by good sessions alone.
    """
    if phase.number in place.returning and phase.number > 1:
        over = case.rules.flare.over
        return [OkSessions(rule="ok_sessions", count=over.sessions, source=over.source, status=over.status)], []
    asked: list[Criterion] = []
    not_asked: list[LeftOut] = []
    for criterion in phase.on:
        exercise = needs(criterion)
        left = without_barred(criterion, case.barred)
        if left is not None:
            asked.append(left)
        else:
            name = exercise or "self-tests"
            why = case.barred[exercise].reason if exercise is not None else "The tests are left out."
            not_asked.append(LeftOut(exercise=name, rule=f"phase-{phase.number}/{criterion.rule}", reason=why))
    return asked, not_asked


def without_barred(criterion: Criterion, barred: Mapping[str, LeftOut]) -> Criterion | None:
    """A criterion without the tests that are left out for this person; None where nothing of it is left."""
    if needs(criterion) in barred:
        return None
    if isinstance(criterion, NoLoss):
        limits = {t: v for t, v in criterion.most_lost_deg.items() if t not in barred}
        return criterion.model_copy(update={"most_lost_deg": limits}) if limits else None
    tests = getattr(criterion, "tests", None)
    if tests is None:
        return criterion
    left = [t for t in tests if t not in barred]
    change: dict[str, object] = {"tests": left}
    if isinstance(criterion, RangeMeasured):
        change["least_tests"] = min(criterion.least_tests, max(1, len(left)))
    return criterion.model_copy(update=change) if left else None


@dataclass(frozen=True, slots=True)
class ToCome:
    """What is still to come: unmet criteria, those that are not asked, and the movements that unmet ones need."""

    unmet: list[Unmet]
    not_asked: list[LeftOut]
    needed: tuple[str, ...]


def to_come(place: Place, case: Case) -> ToCome:
    """What is still to come before the open phases are finished, the visible one first."""
    unmet: list[Unmet] = []
    not_asked: list[LeftOut] = []
    for track, phase in open_phases(place, case.rules, case.days):
        asked, left = asked_of(phase, place, case)
        not_asked += left
        for criterion in asked:
            found = judge(criterion, scene_of(track, place, case))
            if not found.met:
                unmet.append(_unmet(criterion, phase, found))
    needed = tuple(dict.fromkeys(u.exercise for u in unmet if u.exercise is not None))
    return ToCome(unmet, not_asked, needed)


def _unmet(criterion: Criterion, phase: PhaseRule, found: Finding) -> Unmet:
    return Unmet(
        rule=criterion.rule,
        phase=phase.number,
        text=found.text,
        exercise=needs(criterion),
        have=found.have,
        want=found.want,
    )
