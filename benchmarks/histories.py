"""Decides for random people on random days, and counts what must never happen. Every count must be 0.

    python benchmarks/histories.py                1000 histories
    python benchmarks/histories.py --n 10000
    python benchmarks/histories.py --seed 7       other ones; the same seed gives the same ones

Half of a history is what a person might do, the rest is nonsense that the records allow: answers nobody asked for,
events with wrong data, kept decisions of other people.
"""

from __future__ import annotations

import argparse
import random
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, get_args

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.care import records
from checker.care.decision import Decision
from checker.care.programme import DECISION, decide
from checker.care.questions import blocked, open_questions
from checker.care.records import Amount, History, Person, SideRange, Value
from checker.care.rules import Rules, load_rules
from checker.exercise import Exercise
from checker.library import list_exercises

FIRST_DAY: Final = date(2026, 3, 20)
ZONES: Final = ("UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles")
AGAIN: Final = 4
"""Each so manyth day is decided once more, and compared."""

FORBIDDEN: Final = (" safe ", "cleared", "healed", "restricted", "relapse", "diagnos")
"""Words that no text of a decision may say."""


@dataclass
class Author:
    """Writes one person's records."""

    dice: random.Random
    rules: Rules
    exercises: Mapping[str, Exercise]
    person: Person = field(init=False)
    zone: str = field(init=False)
    kept: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zone = self.dice.choice(ZONES)
        self.person = Person(
            id=self._id(),
            name="Somebody",
            created_at=datetime.combine(FIRST_DAY, time(0), UTC),
            born_year=self.dice.choice([None, 1940, 1990]),
            country=self.dice.choice([None, "GB", "ZZ"]),
        )

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128))

    def add(self, kept: str, record: type[Any], day: int, hour: float, /, **more: Any) -> Any:
        """Write one record at an hour of a day."""
        at = datetime.combine(FIRST_DAY, time(0), UTC) + timedelta(days=day, hours=hour)
        made = record(id=self._id(), person_id=self.person.id, at=at, zone=self.zone, **more)
        self.kept.setdefault(kept, []).append(made)
        return made

    @property
    def history(self) -> History:
        """Everything that was written."""
        kinds = {k: tuple(sorted(v, key=lambda r: (r.at, r.id))) for k, v in self.kept.items()}
        return History(person=self.person, **kinds)

    # --- what is written ------------------------------------------------------------------------

    def begin(self) -> None:
        """The first day; now and then a part of it is missing."""
        d = self.dice
        conditions = frozenset(d.sample(get_args(records.Condition), d.choice([0, 0, 0, 1, 2, 4])))
        floor = d.choice(["yes", "yes", "with_help", "no"])
        if d.random() < 0.9:
            self.add("profiles", records.Profile, 0, 6.0, conditions=conditions, floor=floor)
        if d.random() < 0.9:
            self.add(
                "episodes", records.Episode, 0, 6.0, onset=FIRST_DAY - timedelta(days=d.choice([0, 1, 3, 8, 30, 60])),
                trigger=d.choice([None, *get_args(records.Trigger)]), episodes_12m=d.choice([None, 0, 2, 5]),
                closer_together=d.choice([None, True, False]),
            )  # fmt: skip
        if d.random() < 0.9:
            self.answers(0, "first", 0.002)
        if d.random() < 0.9:
            self.ladder(0)
            self.check_in(0, "daily")

    def answers(self, day: int, because: str, bad: float) -> None:
        """All safety questions; a share of the answers is bad."""
        for question in self.rules.safety.questions:
            if question.asked:
                answer = self.dice.choices(["no", "yes", "unsure"], [1 - bad, bad / 2, bad / 2])[0]
                self.add(
                    "answers", records.SafetyAnswer, day, 6.5, question=question.id, answer=answer, because=because,
                    text_id=question.text_id,
                )  # fmt: skip

    def ladder(self, day: int) -> None:
        """All rungs, hard from a random one on."""
        limit = self.dice.randint(1, 10)
        for rung in range(1, 10):
            difficulty = self.dice.choice([None, 0, 2]) if rung < limit else self.dice.randint(0, 10)
            self.add("ladder", records.LadderAnswer, day, 6.6, rung=rung, difficulty=difficulty)

    def check_in(self, day: int, kind: str, session: records.Session | None = None, level: int | None = None) -> None:
        """A check-in of any kind; `level` is its pain."""
        d = self.dice
        pain = d.choice([None, 0, 1, 2, 3, 4, 5, 6, 8, 10]) if level is None else level
        self.add(
            "check_ins", records.CheckIn, day, d.uniform(6.7, 20), kind=kind, pain=pain,
            session_id=None if session is None else session.id,
            worst=d.choice([None, 2, 9]), painkiller=d.choice([None, False, False, True]),
            new_leg_symptoms=d.random() < 0.01 or None, leg_pain_moved=d.choices([None, "down", "up"], [50, 1, 1])[0],
            settled=d.choice([None, *get_args(records.Settled)]) if kind != "before" else None,
            keeps_from_something=d.choice([None, True, False]),
        )  # fmt: skip

    def session(self, day: int, exercise_id: str, *, good: bool) -> None:
        """One movement with its check-ins; a good one does all that any criterion asks for."""
        d, exercise = self.dice, self.exercises.get(exercise_id)
        amount = Amount(repetitions=20, sets=1, hold_s=60, duration_s=600) if good else Amount(repetitions=1)
        ids = [m.id for m in exercise.measures] if exercise is not None else []
        value = 75.0 if good else d.uniform(-5, 90)
        read = Value(value=value, unit="deg", uncertainty=d.choice([0.0, 3.0]), n=d.choice([1, 3]))
        sides = [s or "both" for s in exercise.sides] if exercise is not None else ["both"]
        session = self.add(
            "sessions", records.Session, day, d.uniform(8, 19), exercise=exercise_id,
            how=d.choice(get_args(records.How)), measured=good or d.random() < 0.5, amount=amount,
            measures=dict.fromkeys(ids, read), per_repetition={i: [value] * d.choice([1, 3]) for i in ids},
            ranges=[SideRange(side=s, first=d.choice([read, read, None]), furthest=read) for s in sides],
            to_first_pain=d.random() < 0.5, shares={"lowering_3s": 0.9 if good else 0.3},
            clear=frozenset(f.id for f in exercise.faults) if good and exercise is not None else frozenset(),
            aborted=None if good or d.random() < 0.8 else "stopped",
        )  # fmt: skip
        low = d.randint(0, 3)
        self.check_in(day, "before", session, low if good else None)
        self.check_in(day, "after", session, low if good else None)

    def event(self, day: int) -> None:
        """An event of any kind, its data right or wrong."""
        d = self.dice
        kind = d.choice(
            ["phase_set", "phase_set", "locked", "unlocked", "exercise_barred", "exercise_added", "exercise_allowed",
             "dose_set", "limit_set", "target_set", "back_after_set", "asked_first", "flare_began", "flare_began",
             "flare_ended", "summary_taken", "note", DECISION]
        )  # fmt: skip
        data: dict[str, Any] = {
            "phase": d.choice([1, 4, 8, 9, 10, 10, 0, 11, "9", None, True]),
            "exercise": d.choice([*self.exercises, "no_such", 3]),
            "until": d.choice([None, FIRST_DAY.isoformat(), "soon"]),
            "amount": d.choice([None, {"repetitions": 3}, {"wrong": 1}]),
            "target": d.choice([None, {"left": 30.0}, {"left": "far"}, 7]),
            "back_after": d.choice([1, 2, 0, "x"]),
            "moved": d.choice(["flare", None, 3]),
            "date": d.choice([None, "never", FIRST_DAY.isoformat()]),
            "flare": d.choice([None, {"began": "x"}, 3]),
        }
        who = d.choice(["person", "rule", "physio"])
        self.add("events", records.Event, day, d.uniform(6, 23), kind=kind, who=who, data=data)

    def keep(self, decision: Decision, day: int, *, forged: bool) -> None:
        """Keep a decision; a forged one says that somebody is far on, in a physio's phase."""
        data = decision.model_dump(mode="json")
        if forged:
            data |= {"visible": self.dice.choice([9, 10, 3]), "finished": [1, 2, 3, 4, 5, 6, 7], "state": "ACTIVE"}
        self.add("events", records.Event, day, 6.9, kind=DECISION, who="rule", data=data)


def days_of(seed: int, rules: Rules, exercises: Mapping[str, Exercise]) -> Iterator[tuple[History, Decision]]:
    """One random person's days: the history as it is known on each, and what was decided."""
    author = Author(random.Random(seed), rules, exercises)
    d = author.dice
    author.begin()
    diligent = d.choice([0.0, 0.5, 0.95])
    day = 0
    for number in range(d.choice([2, 4, 8, 8, 20])):
        day += d.choices([1, 7, 16], [30, 1, 1])[0] if number else 0
        today = FIRST_DAY + timedelta(days=day)
        _morning(author, day, today)
        history = author.history
        decision = decide(history, today, rules, exercises)
        yield history, decision
        if d.random() < 0.9:
            author.keep(decision, day, forged=d.random() < 0.05)
            for item in decision.plan:
                if d.random() < max(0.3, diligent):
                    author.session(day, item.exercise, good=d.random() < diligent)
        if d.random() < 0.1:
            author.session(day, d.choice([*exercises, "no_such"]), good=False)


def _morning(author: Author, day: int, today: date) -> None:
    """What is told before the plan of a day is made."""
    d = author.dice
    if day and d.random() < 0.8:
        author.check_in(day, d.choice(["daily", "next_day"]), level=d.choice([None, 1, 2, 3]))
    if day % 6 == 5 and d.random() < 0.9:
        author.answers(day, "weekly", 0.002)
        author.ladder(day)
    for question in author.rules.safety.questions:
        if d.random() < 0.02:
            author.add(
                "releases", records.Release, day, 7.0, question=question.id, by="person", clinician="Dr Roe",
                talked_on=today,
            )  # fmt: skip
    if d.random() < 0.25:
        author.event(day)


# --- what must never happen -----------------------------------------------------------------------


def wrongs(
    history: History, decision: Decision, rules: Rules, exercises: Mapping[str, Exercise], *, again: bool = True
) -> list[str]:
    """What is wrong with the decision of a day, each kind once; `again`: decide it once more, and compare."""
    out = set()
    if again and decision != decide(history, decision.date, rules, exercises):
        out.add("not the same twice")
    text = decision.model_dump_json()
    if Decision.model_validate_json(text) != decision:
        out.add("not read back as it was written")
    if not _explained(decision):
        out.add("a decision without reason or rule")
    if (decision.visible or 0) > 8 and not _physio_set(history, decision.date):
        out.add("phase 9 or 10 without a physio")
    out |= _barred_wrongs(decision, history, exercises)
    out |= _open_wrongs(decision, history, rules, exercises)
    out |= {f"says {word.strip()!r}" for word in FORBIDDEN if word in f" {text.lower()} "}
    return sorted(out)


def _explained(decision: Decision) -> bool:
    parts = [(p.rule, p.reason) for p in decision.plan]
    parts += [(p.rule, p.reason) for p in (*decision.left_out, *decision.not_asked)]
    has = all(rule and reason for rule, reason in parts) and all(a.rule and a.text for a in decision.advice)
    return has and bool(decision.reason and decision.rule and decision.rules_version)


def _physio_set(history: History, today: date) -> bool:
    return any(
        e.who == "physio" and e.kind == "phase_set" and e.day <= today and e.data.get("phase") in {9, 10}
        for e in history.events
    )


def _barred_wrongs(decision: Decision, history: History, exercises: Mapping[str, Exercise]) -> set[str]:
    """Movements on the plan that the profile, the floor or a physio leave out; read from the records anew."""
    today = decision.date
    profiles = [p for p in history.profiles if p.day <= today]
    conditions = (
        {c.removesuffix("_left").removesuffix("_right") for c in profiles[-1].conditions} if profiles else set()
    )
    floor = profiles[-1].floor if profiles else "yes"
    word: dict[Any, str] = {}
    for event in history.events:
        if event.who == "physio" and event.kind.startswith("exercise_") and event.day <= today:
            until = event.data.get("until")
            over = isinstance(until, str) and until == FIRST_DAY.isoformat() and today > FIRST_DAY
            word[str(event.data.get("exercise"))] = "over" if over else event.kind
    out = set()
    for name in [*(item.exercise for item in decision.plan), *decision.at_hand]:
        exercise = exercises[name]
        if exercise.kind == "avoid":
            out.add("a movement to be avoided is planned")
        if word.get(name) == "exercise_barred":
            out.add("a movement barred by a physio is planned")
        if word.get(name) == "exercise_added":
            continue
        if any(p.action == "leave_out" and p.condition in conditions for p in exercise.precautions):
            out.add("a movement barred by the profile is planned")
        if exercise.done_on == "floor" and floor == "no":
            out.add("a movement on the floor is planned for somebody who cannot get there")
    return out


def _open_wrongs(decision: Decision, history: History, rules: Rules, exercises: Mapping[str, Exercise]) -> set[str]:
    """What is planned though a question is open, or pain says no."""
    today = decision.date
    known = history.model_copy(
        update={
            name: tuple(r for r in getattr(history, name) if r.day <= today)
            for name in type(history).model_fields
            if name != "person"
        }
    )
    blocks = blocked(open_questions(known, rules), rules)
    loads = {exercises[item.exercise].load for item in decision.plan}
    out = set()
    if (blocks != "nothing") != (decision.state == "BLOCKED"):
        out.add("blocked without an open question, or the other way round")
    if blocks == "everything" and (decision.plan or decision.at_hand):
        out.add("something is planned though help is needed now")
    if blocks == "exercises" and loads - {"calm"}:
        out.add("exercises are planned though a question is open")
    told = [c.pain for c in known.check_ins if c.day == today and c.pain is not None]
    if told and told[-1] >= 6 and loads - {"calm"}:
        out.add("exercises are planned at pain 6 or more")
    if any(x.rule.startswith("pain/calm") for x in decision.left_out):
        out.add("calm movement is refused because of pain")
    return out


def count(n: int, seed: int, rules: Rules, exercises: Mapping[str, Exercise]) -> tuple[Counter[str], Counter[str]]:
    """What was wrong in `n` histories, and what they were made of: states, phases, days."""
    wrong: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for i in range(n):
        try:
            for number, (history, decision) in enumerate(days_of(seed * 1_000_003 + i, rules, exercises)):
                seen.update(["days", decision.state, f"phase {decision.visible}"])
                wrong.update(wrongs(history, decision, rules, exercises, again=number % AGAIN == 0))
        except Exception as error:  # noqa: BLE001  whatever it is, it must not be
            wrong[f"an exception: {type(error).__name__}"] += 1
    return wrong, seen


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    exercises = {e.id: e for e in list_exercises()}
    wrong, seen = count(chosen.n, chosen.seed, load_rules(), exercises)
    print(f"{chosen.n} histories, {seen.pop('days')} days")
    print("seen: " + ", ".join(f"{name} {number}" for name, number in sorted(seen.items())))
    print("wrong: " + (", ".join(f"{name} {number}" for name, number in sorted(wrong.items())) or "nothing"))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
