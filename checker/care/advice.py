"""When to say what, and to whom to go: each piece of advice with the rule that says it (`advice.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from checker.care import facts, flare
from checker.care.decision import Advice, Decision, Flare
from checker.care.phase_rules import NoLoss
from checker.care.questions import Open, told
from checker.care.ranges import confirmed
from checker.care.records import CheckIn, History
from checker.care.rules import Rules
from checker.care.severity import NO_LIMIT, Severity, comes_back_often
from checker.care.weekly import is_due as is_due_weekly

_LEVEL = {"everything": "emergency", "exercises": "clinician", "nothing": "note"}
FALLS = ("accident", "minor_fall")
"""Questions whose release also says that a fall was looked at."""


@dataclass(frozen=True, slots=True)
class Today:
    """What the advice of a day looks at."""

    history: History
    today: date
    rules: Rules
    severity: Severity
    flare: Flare | None
    days: int | None


def advice_of(now: Today, open_now: list[Open]) -> list[Advice]:
    """All that is to be said today, the most urgent first."""
    out = [_of_question(o, now) for o in open_now]
    makers = (_fall, _pain_stays, _no_gain, _still_hard, _flares, _often, _painkillers, _leg, _weekly)
    for maker in makers:
        out += maker(now)
    return list({a.rule: a for a in out}.values())


def line(advice_id: str, rules: Rules, **gaps: object) -> Advice:
    """One piece of advice, its gaps filled."""
    rule = rules.advice.of(advice_id)
    return Advice(rule=f"advice/{advice_id}", level=rule.level, text=rule.text.format(**gaps))


def _of_question(found: Open, now: Today) -> Advice:
    lines = told(found.question, now.rules, now.history.person.country, unsure=found.unsure)
    blocks = "nothing" if found.unsure else now.rules.safety.groups[found.group].blocks
    level = _LEVEL[blocks]
    return Advice.model_validate({"rule": f"safety/{found.question}", "level": level, "text": " ".join(lines.lines)})


def _fall(now: Today) -> list[Advice]:
    episode = facts.newest_episode(now.history)
    looked_at = any(r.question in FALLS for r in now.history.releases)
    fell = episode is not None and episode.trigger == "fall" and not looked_at
    return [line("after_fall", now.rules)] if fell else []


def first_pain(history: History) -> CheckIn | None:
    """The first pain at rest of the open episode, or of all where none is open."""
    episode = facts.newest_episode(history)
    told_at_rest = facts.at_rest(history)
    return next((c for c in told_at_rest if episode is None or c.day >= episode.onset), None)


def _pain_stays(now: Today) -> list[Advice]:
    """After 72 hours, until the two weeks after which everything is looked at."""
    rule, later = now.rules.advice.of("no_drop_72h"), now.rules.advice.of("no_gain_2w")
    first, told_at_rest = first_pain(now.history), facts.at_rest(now.history)
    if first is None or first.pain is None or rule.hours is None or later.days is None:
        return []
    last = told_at_rest[-1]
    waited = last.at - first.at >= timedelta(hours=rule.hours) and (now.today - first.day).days < later.days
    sore = last.pain is not None and last.pain > (rule.pain_above or 0)
    if not waited or not sore or last.pain is None:
        return []
    if facts.has_dropped(first.pain, last.pain, rule.drop or 0, rule.share or 1.0):
        return []
    return [line("no_drop_72h", now.rules, first=first.pain, now=last.pain)]


def _no_gain(now: Today) -> list[Advice]:
    """After two weeks: neither pain nor activities nor the range before pain has gained."""
    rule = now.rules.advice.of("no_gain_2w")
    first, last = first_pain(now.history), facts.last_pain(now.history)
    if first is None or first.pain is None or last is None or rule.days is None:
        return []
    if (now.today - first.day).days < rule.days or _is_well(now):
        return []
    eased = first.pain - last >= (rule.drop or 0) and facts.has_dropped(first.pain, last, 11, rule.share or 1.0)
    if eased or _ladder_gained(now, first.day) or _range_gained(now, first.day):
        return []
    return [line("no_gain_2w", now.rules)]


def _is_well(now: Today) -> bool:
    """Whether there is nothing left to gain in pain and activities."""
    pain = facts.last_pain(now.history)
    return (
        now.severity.limit_rung == NO_LIMIT and pain is not None and pain <= now.rules.programme.ok_session.pain_after
    )


def _ladder_gained(now: Today, since: date) -> bool:
    """Whether the lowest hard rung is higher than it was in the first answers."""
    hard_from = now.rules.severity.severity.hard_from
    first: dict[int, int | None] = {}
    for answer in now.history.ladder:
        if answer.day >= since:
            first.setdefault(answer.rung, answer.difficulty)
    hard = [rung for rung, difficulty in first.items() if difficulty is not None and difficulty >= hard_from]
    return now.severity.limit_rung > min(hard, default=NO_LIMIT)


def loss_limits(rules: Rules) -> Mapping[str, float]:
    """By test, the smallest loss that two sessions can tell, from the criterion that asks for none."""
    found = [c for p in rules.phases for c in p.on if isinstance(c, NoLoss)]
    return found[0].most_lost_deg if found else {}


def _range_gained(now: Today, since: date) -> bool:
    until = now.today + timedelta(days=1)
    return any(confirmed(now.history, test, since, until, limit, 1) for test, limit in loss_limits(now.rules).items())


def _still_hard(now: Today) -> list[Advice]:
    rule = now.rules.advice.of("still_6w")
    if now.days is None or rule.days is None or now.days <= rule.days:
        return []
    pain = facts.last_pain(now.history)
    sore = pain is not None and pain > (rule.pain_above or 0)
    if sore or now.severity.limit_rung <= (rule.rung_at_most or 0):
        return [line("still_6w", now.rules)]
    began_late = not any(e.kind == "decision" for e in now.history.events)
    return [line("late_start", now.rules)] if began_late else []


def _flares(now: Today) -> list[Advice]:
    out = []
    rules = now.rules.flare
    if now.flare is not None and flare.is_not_easing(now.history, now.flare, now.rules):
        out.append(line("flare_not_easing", now.rules))
    starts = set(flare.flare_starts(now.history)) | ({now.flare.began} if now.flare is not None else set())
    lately = [d for d in starts if 0 <= (now.today - d).days < rules.often.in_days]
    if len(lately) >= rules.often.flares or flare.longer_each_time(now.history, rules.often.flares):
        out.append(line("flares_often", now.rules, flares=len(lately), days=rules.often.in_days))
    return out


def _often(now: Today) -> list[Advice]:
    return [line("comes_back_often", now.rules)] if comes_back_often(now.history, now.rules) else []


def _painkillers(now: Today) -> list[Advice]:
    """Painkillers on more than so many days in a row, up to today or yesterday."""
    rule = now.rules.advice.of("painkillers")
    days = {c.day for c in now.history.check_ins if c.painkiller}
    day = now.today if now.today in days else now.today - timedelta(days=1)
    count = 0
    while day in days:
        count += 1
        day -= timedelta(days=1)
    return [line("painkillers", now.rules, days=count)] if rule.days is not None and count > rule.days else []


def _leg(now: Today) -> list[Advice]:
    """What the newest word on leg pain says, of today or yesterday."""
    moved = [c for c in now.history.check_ins if c.leg_pain_moved is not None]
    if not moved or (now.today - moved[-1].day).days > 1:
        return []
    return [line("leg_moved_down" if moved[-1].leg_pain_moved == "down" else "leg_moved_up", now.rules)]


def _weekly(now: Today) -> list[Advice]:
    """The look at everything once a week, when it is time for it; a flare-up that begins today puts it off, too."""
    is_due = now.flare is None and is_due_weekly(now.history, now.today, now.rules)
    return [line("weekly_due", now.rules)] if is_due else []


def asks_if_back(base: Decision, today: date, rules: Rules) -> list[Advice]:
    """The one question some weeks after the end."""
    rule = rules.advice.of("come_back")
    since = base.active_since
    is_time = since is not None and rule.days is not None and (today - since).days >= rule.days
    return [line("come_back", rules)] if is_time else []
