"""Severity by how little load brings it on, the cards, and where somebody begins."""

from __future__ import annotations

import pytest
from care_people import Diary, rules

from checker.care.records import LadderAnswer
from checker.care.severity import first_phase, severity


def person(hard: dict[int, int], pain: int | None, onset: int = 0, **episode: object) -> Diary:
    diary = Diary()
    diary.episode(onset, **episode)
    diary.ladder(hard)
    if pain is not None:
        diary.check_in(pain)
    return diary


def found(diary: Diary, day: int = 0) -> tuple[str, int]:
    s = severity(diary.history, diary.at(day).date(), rules())
    return s.level, s.limit_rung


@pytest.mark.parametrize(
    ("hard", "pain", "level", "limit"),
    [
        ({1: 4}, 0, "severe", 1),
        ({2: 4}, 0, "severe", 2),
        ({2: 3, 3: 4}, 0, "moderate", 3),
        ({5: 10}, 6, "moderate", 5),
        ({6: 4}, 6, "mild", 6),
        ({9: 4, 8: 3}, 0, "mild", 9),
        ({9: 3}, 0, "none", 10),
        ({}, 6, "none", 10),
        ({}, 7, "severe", 10),
        ({6: 9}, 7, "severe", 6),
        ({9: 10, 4: 5}, None, "moderate", 4),
    ],
)
def test_the_table(hard: dict[int, int], pain: int | None, level: str, limit: int) -> None:
    assert found(person(hard, pain)) == (level, limit)


def test_a_rung_that_was_not_tried_does_not_count() -> None:
    diary = Diary()
    diary.check_in(2)
    for rung in range(1, 10):
        diary.add("ladder", LadderAnswer(**diary.head(0, 7.0), rung=rung, difficulty=9 if rung == 6 else None))
    assert found(diary) == ("mild", 6)


def test_the_newest_answer_of_a_rung_holds() -> None:
    diary = person({2: 8}, 2)
    diary.ladder({2: 1, 7: 5}, day=5)
    assert found(diary) == ("severe", 2), "as it was known on the first day"
    assert found(diary, 5) == ("mild", 7)


def test_cards_are_of_the_rungs_that_are_hard_the_lowest_first() -> None:
    s = severity(person({7: 6, 2: 4, 3: 3}, 2).history, Diary().at(0).date(), rules())
    assert [c.rung for c in s.cards] == [2, 7]
    assert "bring your foot up" in s.cards[0].text
    assert s.reason == "dressing is hard (4 of 10)"
    assert len(s.inputs) == 3, "two rungs and the pain"


def test_every_rung_has_a_card() -> None:
    s = severity(person(dict.fromkeys(range(1, 10), 10), 2).history, Diary().at(0).date(), rules())
    assert [c.rung for c in s.cards] == list(range(1, 10))


@pytest.mark.parametrize(
    ("episodes", "closer", "often"),
    [(None, None, False), (2, False, False), (3, None, True), (0, True, True), (12, False, True)],
)
def test_it_comes_back_often(episodes: int | None, closer: bool | None, often: bool) -> None:
    diary = person({}, 1, episodes_12m=episodes, closer_together=closer)
    diary.all_clear()
    assert severity(diary.history, diary.at(0).date(), rules()).often is often
    assert ("advice/comes_back_often" in {a.rule for a in diary.decide(0).advice}) is often


# --- where one begins -----------------------------------------------------------------------------

SEVERE, MODERATE, MILD, NONE = {2: 8}, {3: 5}, {7: 5}, {9: 1}


@pytest.mark.parametrize(
    ("hard", "pain", "days", "phase"),
    [
        (SEVERE, 2, 0, 1),
        (SEVERE, 2, 30, 1),
        (SEVERE, 2, 42, 1),
        (SEVERE, 2, 43, 2),
        ({}, 7, 3, 1),
        (MODERATE, 3, 0, 1),
        (MODERATE, 3, 3, 1),
        (MODERATE, 3, 4, 2),
        (MILD, 3, 6, 2),
        (MILD, 3, 7, 3),
        (MILD, 4, 7, 2),
        (MILD, 4, 43, 2),
        (NONE, 0, 0, 4),
        (NONE, 6, 100, 4),
    ],
)
def test_the_table_of_the_start(hard: dict[int, int], pain: int, days: int, phase: int) -> None:
    diary = person(hard, pain, onset=-days)
    diary.all_clear()
    assert first_phase(diary.history, diary.at(0).date(), rules())[0] == phase
    decision = diary.decide(0)
    assert (decision.visible, decision.moved, decision.rule) == (phase, "start", f"start/phase-{phase}")
    late = {"advice/late_start", "advice/still_6w"} & {a.rule for a in decision.advice}
    assert bool(late) == (days > 42), "have it assessed"


def test_the_reason_says_the_figures() -> None:
    diary = person(SEVERE, 5, onset=-1)
    text = first_phase(diary.history, diary.at(0).date(), rules())[1]
    assert text == "You begin with phase 1, because dressing is hard (8 of 10) and it began yesterday."
    diary = person({}, 7, onset=0)
    text = first_phase(diary.history, diary.at(0).date(), rules())[1]
    assert text == "You begin with phase 1, because pain at rest is 7 of 10 and it began today."


def test_without_an_onset_the_days_are_not_spoken_of() -> None:
    diary = Diary()
    diary.ladder(MODERATE)
    diary.check_in(3)
    phase, text = first_phase(diary.history, diary.at(0).date(), rules())
    assert (phase, text) == (1, "You begin with phase 1, because sitting is hard (5 of 10).")
