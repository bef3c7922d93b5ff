"""The programme: what holds for a person on a day, decided from the history alone.

The same history and rules give the same decision. What was decided before is read from the kept events "decision", and
never worked out again. The strictest open finding wins: a safety question, a flare-up, back, stay, on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from checker.care import advice as advising
from checker.care import facts
from checker.care.barred import Findings, barred, findings
from checker.care.change_rules import load_change_rules
from checker.care.decision import Advice, Decision, Offer, QuestionsDue
from checker.care.losses import confirmed_losses
from checker.care.moves import Case, ToCome, to_come
from checker.care.overrides import overrides
from checker.care.phase_rules import TRACKS
from checker.care.place import LAST_BY_RULE, Place, open_phases, track_phase
from checker.care.planning import Plan, Scope, calm_plan, flare_plan, plan_of
from checker.care.question_rules import Blocks
from checker.care.questions import Open, blocked, due_now, open_questions
from checker.care.records import History
from checker.care.rules import Rules
from checker.care.severity import Severity, severity_now
from checker.care.states import Step, begun_tracks, read_base, settled_place, step_of
from checker.exercise import Exercise
from checker.safety import phase_label

DECISION = "decision"
"""The kind of event that a decision is kept in; its data is the decision, its `rules_version` the rules'."""


def decide(
    history: History,
    today: date,
    rules: Rules,
    exercises: Mapping[str, Exercise],
    *,
    lost: Mapping[str, date] | None = None,
) -> Decision:
    """What holds for a person on a day.

    Args:
        history: everything that is known; what was recorded after `today` is not looked at.
        today: the local day.
        rules: from `load_rules`.
        exercises: the movements by their ids.
        lost: self-tests whose loss of range is confirmed, with the day on which it was; None: by the statistics of
            change.
    """
    history = facts.known_on(history, today)
    found = findings(history, today, rules, exercises)
    case = _case(history, today, rules, exercises, found, lost)
    open_now = open_questions(history, rules)
    blocks = blocked(open_now, rules)
    due = due_now(history, today, rules)
    step = step_of(case, blocks, due)
    if step.flare is not None:
        due = due_now(history, today, rules, step.flare.began)
    place = settled_place(step, case)
    coming = to_come(place, case) if place is not None else ToCome([], [], ())
    level = severity_now(history, rules)
    return Decision(
        date=today,
        state=step.state,
        **_where(place, case),
        **_kept(step),
        blocks=blocks,
        severity=level.level,
        **_planned(_plan(step, place, case, found, coming, level, blocks, has_due=bool(due))),
        unmet=coming.unmet,
        not_asked=coming.not_asked,
        advice=_advice(step, case, level, open_now, place),
        questions_due=[QuestionsDue.model_validate(asdict(d)) for d in due],
        offers=_offers(step, place),
        reason=step.reason or _stay(place, coming),
        rule=step.rule,
        rules_version=rules.version,
        inputs=list(dict.fromkeys([*step.inputs, *(o.record for o in open_now)])),
    )


def _kept(step: Step) -> dict[str, Any]:
    """What the next day begins with, and what changed against the day before."""
    return {
        "active_since": step.active_since,
        "hard_since": step.hard_since,
        "flare": step.flare,
        "half_dose": step.half,
        "moved": step.moved,
    }


def _planned(plan: Plan) -> dict[str, Any]:
    """The parts of a plan, as a decision keeps them."""
    return {"plan": plan.items, "left_out": plan.left_out, "at_hand": plan.at_hand}


def _where(place: Place | None, case: Case) -> dict[str, Any]:
    """Where somebody is in the programme, as a decision keeps it."""
    if place is None:
        return {"phase": dict.fromkeys(TRACKS), "visible": None}
    return {
        "phase": {t: track_phase(t, place, case.rules, case.days) for t in TRACKS},
        "visible": place.visible,
        "finished": sorted(place.finished),
        "returning": sorted(place.returning),
        "since": begun_tracks(place),
    }


def _case(
    history: History,
    today: date,
    rules: Rules,
    exercises: Mapping[str, Exercise],
    found: Findings,
    lost: Mapping[str, date] | None,
) -> Case:
    base, event = read_base(history.events, today)
    set_by_physio = overrides(history, today)
    if lost is None:
        lost = confirmed_losses(history, exercises, load_change_rules())
    return Case(
        history=history,
        today=today,
        rules=rules,
        exercises=exercises,
        base=base,
        base_event=event,
        set_by_physio=set_by_physio,
        barred=barred(exercises, found, set_by_physio, rules),
        days=facts.days_since_onset(history, today),
        lost=lost,
    )


def _plan(
    step: Step,
    place: Place | None,
    case: Case,
    found: Findings,
    coming: ToCome,
    level: Severity,
    blocks: Blocks,
    *,
    has_due: bool,
) -> Plan:
    """The plan of the state that somebody is in."""
    if blocks == "everything" or step.state in {"NEW", "DONE"}:
        return Plan()
    pain = facts.pain_now(case.history, case.today)
    scope = Scope(
        history=case.history,
        today=case.today,
        rules=case.rules,
        exercises=case.exercises,
        found=found,
        set_by_physio=case.set_by_physio,
        barred=case.barred,
        pain=pain,
        half=step.half,
        needed=coming.needed,
    )
    if place is None or step.state in {"BLOCKED", "PAUSED"}:
        return calm_plan(scope, f"{step.rule}/calm", "What calms, and walking, stays.")
    if has_due:
        return calm_plan(scope, "safety/due/calm", "What calms, until the safety questions are answered.")
    if step.flare is not None:
        rule = case.rules.flare.plan
        content = rule.content_severe if level.level == "severe" else min(rule.content, place.visible)
        waited = timedelta(days=(case.today - step.flare.began).days)
        return flare_plan(scope, content, tests=waited > timedelta(hours=rule.no_tests_hours))
    phases = [phase for _, phase in open_phases(place, case.rules, case.days)]
    return plan_of(scope, place.visible, phases, () if place.by_physio is not None else place.finished)


def _stay(place: Place | None, coming: ToCome) -> str:
    """Why nothing changes, with the first of what is still to come."""
    if place is None:
        return "The programme has not begun."
    text = f"You are in phase {phase_label(place.visible)}."
    if place.by_physio is not None:
        return f"{text} Your physio has set it."
    first = next((u.text for u in coming.unmet if u.phase == place.visible), None)
    return f"{text} Still to come: {first}." if first is not None else f"{text} You can keep this up."


def _advice(step: Step, case: Case, level: Severity, open_now: list[Open], place: Place | None) -> list[Advice]:
    now = advising.Today(case.history, case.today, case.rules, level, step.flare, case.days)
    out = advising.advice_of(now, open_now)
    if step.rule == "back/loss":
        out.append(advising.line("range_lost", case.rules))
    if place is not None and _all_finished(place):
        out.append(advising.line("keep_up", case.rules))
    if step.state == "DONE" and case.base is not None:
        out += advising.asks_if_back(case.base, case.today, case.rules)
    return out


def _all_finished(place: Place) -> bool:
    return place.by_physio is None and place.finished >= frozenset(range(1, LAST_BY_RULE + 1))


def _offers(step: Step, place: Place | None) -> list[Offer]:
    """What only a physio decides."""
    if place is None or not _all_finished(place) or step.state != "ACTIVE":
        return []
    nine = phase_label(LAST_BY_RULE + 1)
    text = f"Everything up to phase {LAST_BY_RULE} is finished. Phase {nine} is a physio's decision."
    return [Offer(kind="enter_phase_9", rule="phase-8/on", text=text)]
