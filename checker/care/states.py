"""Which state somebody is in on a day, and where in the programme: one step from the decision of the day before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from checker.care import facts, flare
from checker.care.decision import Decision, Flare, State
from checker.care.moves import Case, back, hard_day, on
from checker.care.overrides import phase_set
from checker.care.phase_rules import TRACKS, Track
from checker.care.place import LAST_BY_RULE, Place, at_phase, one_lower, read_place, with_since
from checker.care.question_rules import Blocks
from checker.care.questions import Due, asked, open_questions
from checker.care.records import Event, Release
from checker.care.severity import first_phase, ladder_now
from checker.safety import phase_label

HALF_AFTER_HARD = "Your last session was a hard one: half of it today."


@dataclass(frozen=True, slots=True)
class Step:
    """What a day begins with.

    Attributes:
        place: None: the programme has not begun.
        active_since: the day from which days without a session are counted.
        hard_since: the day from which hard days count.
        half: why everything but what calms is halved; None: it is not.
    """

    state: State
    place: Place | None
    reason: str
    rule: str
    moved: str | None = None
    inputs: tuple[str, ...] = ()
    flare: Flare | None = None
    active_since: date | None = None
    hard_since: date | None = None
    half: str | None = field(default=None)


def step_of(case: Case, blocks: Blocks, due: list[Due]) -> Step:
    """The state and the place of a day; the strictest open finding decides.

    Args:
        case: what is known.
        blocks: what open safety questions block.
        due: the safety questions that are to be asked.
    """
    place = _base_place(case)
    base = case.base
    since = (base.active_since if base else None), (base.hard_since if base else None)
    if blocks != "nothing":
        was = base is not None and base.state == "BLOCKED"
        reason = "A safety question is open. It stays open until a clinician has answered it."
        return Step("BLOCKED", place, reason, f"safety/{blocks}", None if was else "blocked", (), None, *since)
    if place is None:
        return _begin(case)
    if base is not None and base.state == "DONE" and (again := _after_the_end(case, place)) is not None:
        return again
    step = Step("ACTIVE", place, "", "", None, (), base.flare if base else None, *since)
    step = _released(step, case)
    set_to = _set_by_physio(case)
    if set_to is not None:
        return set_to
    if step.moved is not None:
        return step
    for rule in (_done, _pause, _flare):
        found = rule(step, case, due)
        if found is not None:
            return found
    return _days(step, case, due)


# --- beginning ------------------------------------------------------------------------------------


def _begin(case: Case) -> Step:
    """Before the programme: questions first, then the ladder and the pain, then the phase to begin with."""
    answered = {a.question for a in case.history.answers}
    if any(q.id not in answered for q in asked(case.rules)):
        return Step("NEW", None, "The safety questions come first.", "safety/first")
    set_to = _set_by_physio(case)
    if set_to is not None:
        return set_to
    if not ladder_now(case.history) or facts.last_pain(case.history) is None:
        reason = "Next come the activities, and how much it hurts at rest: they say where to begin."
        return Step("SCREENED", None, reason, "start/ask")
    phase, reason = first_phase(case.history, case.today, case.rules)
    used = (*case.history.ladder, *facts.at_rest(case.history)[-1:], *case.history.episodes[-1:])
    return _fresh(case, at_phase(phase, case.today), reason, f"start/phase-{phase}", "start", facts.ids_of(used))


def _fresh(case: Case, place: Place, reason: str, rule: str, moved: str, inputs: tuple[str, ...]) -> Step:
    return Step("ACTIVE", place, reason, rule, moved, inputs, None, case.today, case.today)


def _base_place(case: Case) -> Place | None:
    """The place of the last decision; a physio's phase only where a physio has set it."""
    place = None if case.base is None else read_place(case.base)
    if place is None or place.by_physio is None:
        return place
    by_physio = any((phase_set(e) or 0) > LAST_BY_RULE for e in case.history.events)
    return place if by_physio else replace(place, by_physio=None)


def _since_base(case: Case, event_at: Event) -> bool:
    return case.base_event is None or event_at.at > case.base_event.at


def _set_by_physio(case: Case) -> Step | None:
    """The phase that a physio has set since the last decision."""
    events = [e for e in case.history.events if phase_set(e) is not None and _since_base(case, e)]
    if not events:
        return None
    event, phase = events[-1], phase_set(events[-1]) or 1
    who = event.name or "Your physio"
    why = f": {event.reason}" if event.reason else "."
    reason = f"{who} has set phase {phase_label(phase)}{why}"
    return _fresh(case, at_phase(phase, case.today), reason, "physio/phase_set", "physio", facts.ids_of([event]))


def _after_the_end(case: Case, place: Place) -> Step | None:
    """Done stays done, until a physio sets a phase or a new episode begins."""
    base = case.base
    since = base.active_since if base is not None else None
    if _set_by_physio(case) is not None:
        return None
    episode = facts.newest_episode(case.history)
    if episode is not None and since is not None and episode.onset > since:
        return _begin(case)
    return Step("DONE", place, "The last summary was taken.", "done/stays", None, (), None, since, since)


# --- what goes before the days --------------------------------------------------------------------


def _released(step: Step, case: Case) -> Step:
    """After a clinician's answer: screened again, one phase lower."""
    released = [r for r in case.history.releases if case.base_event is None or r.at > case.base_event.at]
    was_blocked = case.base is not None and case.base.state == "BLOCKED"
    if step.place is None or not (was_blocked or any(_was_open(r, case) for r in released)):
        return step
    lower = one_lower(step.place)
    reason = f"A clinician's answer was recorded. You go on in phase {phase_label(lower.visible)}."
    new = Step("SCREENED", lower, reason, "safety/released", "released", facts.ids_of(released), None)
    return replace(new, active_since=case.today, hard_since=case.today)


def _was_open(release: Release, case: Case) -> bool:
    """Whether a release answered a question that blocked until then."""
    before = tuple(r for r in case.history.releases if r.at < release.at)
    history = case.history.until(release.at).model_copy(update={"releases": before})
    groups = case.rules.safety.groups
    return any(
        o.question == release.question and not o.unsure and groups[o.group].blocks != "nothing"
        for o in open_questions(history, case.rules)
    )


def _done(step: Step, case: Case, due: list[Due]) -> Step | None:
    """Phase 10 ends when its summary was taken."""
    if step.place is None or step.place.by_physio != 10:
        return None
    taken = [e for e in facts.events_of(case.history, "summary_taken") if _since_base(case, e)]
    if not taken:
        return None
    reason = "The summary was taken: bring it to your clinician."
    return replace(
        step, state="DONE", reason=reason, rule="done/summary", moved="done", inputs=facts.ids_of(taken[-1:]),
        active_since=case.today,
    )  # fmt: skip


def _pause(step: Step, case: Case, due: list[Due]) -> Step | None:
    """A pause, or the return from one: a check-in, and the safety questions."""
    rule = case.rules.programme.pause
    was = case.base is not None and case.base.state == "PAUSED"
    last = _last_activity(step, case)
    idle = (case.today - last).days
    if not was and idle < rule.after_days:
        return None
    told = [c for c in case.history.check_ins if c.day == case.today and c.pain is not None]
    if not told or due:
        reason = f"There was no session for {idle} days. A check-in and the safety questions come first."
        place = one_lower(step.place) if step.flare is not None and step.place is not None else step.place
        moved = None if was else "pause"
        return replace(step, state="PAUSED", place=place, flare=None, reason=reason, rule="pause/idle", moved=moved)
    return _resumed(step, case, idle, facts.ids_of(told[-1:]))


def _resumed(step: Step, case: Case, idle: int, inputs: tuple[str, ...]) -> Step:
    place = step.place
    reason = f"Welcome back after {idle} days without a session."
    if place is not None and idle > case.rules.programme.pause.back_after_days and not _is_locked(case):
        place = one_lower(place)
        reason += f" You go on one step lower, in phase {phase_label(place.visible)}."
    elif place is not None:
        reason += f" You go on in phase {phase_label(place.visible)}."
    new = replace(step, place=place, reason=reason, rule="pause/return", moved="resume", inputs=inputs)
    return replace(new, active_since=case.today, hard_since=case.today)


def _last_activity(step: Step, case: Case) -> date:
    """The last day with a session or, in a flare-up, with a check-in; at least the day it became active."""
    days = [s.day for s in case.history.sessions]
    if step.flare is not None:
        days += [c.day for c in case.history.check_ins]
    return max([*days, step.active_since or case.today])


def _flare(step: Step, case: Case, due: list[Due]) -> Step | None:
    """A flare-up that begins, goes on or is over."""
    place, rules = step.place, case.rules
    if place is None or case.base is None:
        return None
    if step.flare is None:
        found = flare.began(case.history, case.base_event, case.today, rules)
        if found is None:
            return None
        new = Flare(began=case.today, usual=found.usual, visible=place.visible, rule=found.rule)
        reason = f"{found.reason} {rules.flare.texts.comfort}"
        half = rules.flare.texts.comfort
        return replace(
            step, state="FLARE", flare=new, reason=reason, rule=found.rule, moved="flare", inputs=found.inputs,
            half=half,
        )  # fmt: skip
    over = flare.is_over(case.history, step.flare, rules)
    if over is None:
        days = (case.today - step.flare.began).days
        reason = f"Day {days + 1} of the flare-up. {rules.flare.texts.comfort}"
        return replace(step, state="FLARE", reason=reason, rule="flare/goes_on", half=rules.flare.texts.comfort)
    why, inputs = over
    lower = place if _is_locked(case) else one_lower(place)
    reason = f"{why} You go on in phase {phase_label(lower.visible)}, and on from there after good sessions."
    new_step = replace(step, place=lower, flare=None, reason=reason, rule="flare/over", moved="flare_over")
    return replace(new_step, inputs=inputs, active_since=case.today, hard_since=case.today)


def _is_locked(case: Case) -> bool:
    return case.set_by_physio.locked is not None


# --- the days -------------------------------------------------------------------------------------


def _days(step: Step, case: Case, due: list[Due]) -> Step:
    """Back, on, or stay."""
    place = step.place
    if place is None:
        return step
    since = step.hard_since or case.today
    hard = hard_day(case, since)
    half = HALF_AFTER_HARD if hard is not None else None
    locked = case.set_by_physio.locked
    if locked is not None:
        who = locked.name or "Your physio"
        reason = f"{who} keeps you in phase {phase_label(place.visible)} for now."
        return replace(step, reason=reason, rule="physio/locked", half=half, inputs=facts.ids_of([locked]))
    move = back(place, case, since)
    if move is not None:
        new = replace(step, place=move.place, reason=move.reason, rule=move.rule, moved=move.moved, inputs=move.inputs)
        return replace(new, hard_since=case.today, half=half if move.place == place else None)
    if hard is not None:
        reason = f"You stay in phase {phase_label(place.visible)}. {HALF_AFTER_HARD}"
        return replace(step, reason=reason, rule="stay/half_dose", half=half, inputs=hard.inputs)
    move = on(place, case) if not due else None
    if move is not None:
        return replace(step, place=move.place, reason=move.reason, rule=move.rule, moved=move.moved, inputs=move.inputs)
    if due:
        reason = "The safety questions are due: the plan goes on when they are answered."
        return replace(step, reason=reason, rule="safety/due")
    return replace(step, rule=f"phase-{place.visible}/stay")


def settled_place(step: Step, case: Case) -> Place | None:
    """The place of a step, the sessions of each track counted from today on where its phase is a new one."""
    if step.place is None:
        return None
    before = None if step.moved in {"start", "physio"} else _base_place(case)
    return with_since(step.place, before, case.today, case.rules, case.days)


def begun_tracks(place: Place) -> dict[Track, date]:
    """The days from which each track counts, in the order of the tracks."""
    return {track: place.since[track] for track in TRACKS if track in place.since}


def read_base(case_events: tuple[Event, ...], today: date) -> tuple[Decision | None, Event | None]:
    """The last kept decision of a day before today, with its event; what cannot be read is passed over."""
    for event in sorted((e for e in case_events if e.kind == "decision"), key=lambda e: e.at, reverse=True):
        try:
            decision = Decision.model_validate(event.data)
        except ValueError:
            continue
        if decision.date < today:
            return decision, event
    return None, None
