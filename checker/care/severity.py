"""How severe it is, by how little load brings it on; where to begin; what helps for now (`severity.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checker.care import facts
from checker.care.question_rules import Level
from checker.care.records import History, LadderAnswer
from checker.care.rules import Rules

NO_LIMIT = 10
"""The limit rung of somebody for whom nothing of the ladder is hard."""

MOST = 10
"""The most difficulty that can be told."""


@dataclass(frozen=True, slots=True)
class Card:
    """How to do one activity for now."""

    rung: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Severity:
    """How severe it is, and why.

    Attributes:
        limit_rung: the lowest rung that is hard, 1 to 9; 10: none.
        difficulty: of that rung; None where no figure was told.
        pain: at rest, the last that was told; None: not told.
        text: what is said of it.
        reason: in one sentence with its figures.
        cards: of every rung that is hard, the lowest first.
        often: whether it comes back often.
        inputs: ids of the records that were used.
    """

    level: Level
    limit_rung: int
    difficulty: int | None
    pain: int | None
    text: str
    reason: str
    cards: tuple[Card, ...]
    often: bool
    inputs: tuple[str, ...]


def ladder_now(history: History) -> dict[int, LadderAnswer]:
    """The newest answer of each rung; a rung that was not tried has none."""
    newest = {a.rung: a for a in history.ladder}
    return {rung: a for rung, a in sorted(newest.items()) if a.difficulty is not None}


def chosen_difficulty(rules: Rules, *, is_hard: bool) -> int:
    """What a rung is counted with that was only chosen as hard, or as not hard: the middle of what it may be."""
    hard_from = rules.severity.severity.hard_from
    return (hard_from + MOST) // 2 if is_hard else (hard_from - 1) // 2


def severity(history: History, today: date, rules: Rules) -> Severity:
    """How severe it is today, by the ladder as it was last answered and by the last pain at rest."""
    return severity_now(facts.known_on(history, today), rules)


def severity_now(history: History, rules: Rules) -> Severity:
    """The same by all that a history holds."""
    cuts = rules.severity.severity
    ladder = ladder_now(history)
    hard = [a for a in ladder.values() if a.difficulty is not None and a.difficulty >= cuts.hard_from]
    limit = hard[0].rung if hard else NO_LIMIT
    difficulty = hard[0].difficulty if hard and hard[0].told is None else None
    pain = facts.last_pain(history)
    level = _level(limit, pain, rules)
    cards = tuple(Card(r.rung, r.name, r.card) for r in rules.severity.rungs if r.rung in {a.rung for a in hard})
    used = [*hard, *facts.at_rest(history)[-1:]]
    text = rules.severity.levels[level].text
    reason = _reason(limit, difficulty, pain, rules)
    return Severity(
        level, limit, difficulty, pain, text, reason, cards, comes_back_often(history, rules), facts.ids_of(used)
    )


def _level(limit: int, pain: int | None, rules: Rules) -> Level:
    cuts = rules.severity.severity
    if limit <= cuts.severe_rungs[1] or (pain is not None and pain >= cuts.severe_pain):
        return "severe"
    if limit <= cuts.moderate_rungs[1]:
        return "moderate"
    return "mild" if limit < NO_LIMIT else "none"


def _reason(limit: int, difficulty: int | None, pain: int | None, rules: Rules) -> str:
    """Why it is so: "dressing is hard (8 of 10)"; pain at rest where it alone makes it severe."""
    cuts = rules.severity.severity
    if pain is not None and pain >= cuts.severe_pain and limit > cuts.severe_rungs[1]:
        return f"pain at rest is {pain} of 10"
    if limit == NO_LIMIT:
        return "nothing of the list is hard"
    figure = "" if difficulty is None else f" ({difficulty} of 10)"
    return f"{rules.severity.rungs[limit - 1].short} is hard{figure}"


def comes_back_often(history: History, rules: Rules) -> bool:
    """Whether there were many episodes in twelve months, or the times between them became shorter."""
    episode = facts.newest_episode(history)
    if episode is None:
        return False
    many = episode.episodes_12m is not None and episode.episodes_12m >= rules.severity.frequency.often
    return many or episode.closer_together is True


def first_phase(history: History, today: date, rules: Rules) -> tuple[int, str]:
    """The phase to begin with, and why in one sentence with its figures.

    Args:
        history: with at least the ladder answered; without an onset the time since it is not looked at.
        today: the local day.
        rules: with the windows of the start.
    """
    start = rules.severity.start
    history = facts.known_on(history, today)
    found = severity_now(history, rules)
    days = facts.days_since_onset(history, today)
    early = 0 if days is None else days
    if found.level == "severe":
        phase = 1
    elif found.level == "moderate":
        phase = 1 if early < start.moderate_first_days else 2
    elif found.level == "mild":
        sore = found.pain is not None and found.pain > start.mild_pain
        phase = 2 if early < start.mild_first_days or sore else 3
    else:
        phase = 4
    late = days is not None and days > start.late_days
    phase = max(phase, start.late_least) if late else phase
    began = began_words(history, today)
    return phase, f"You begin with phase {phase}, because {found.reason}{f' and it {began}' if began else ''}."


def began_words(history: History, today: date) -> str:
    """When it began, no more exactly than it was told: "began yesterday", "began this week"; empty: not known."""
    episode, days = facts.newest_episode(history), facts.days_since_onset(history, today)
    if episode is None or days is None:
        return ""
    if episode.onset_told:
        return f"began {episode.onset_told}" if episode.day == today else f"began about {days} days ago"
    words = {0: "today", 1: "yesterday"}
    return f"began {words.get(days, f'{days} days ago')}"
