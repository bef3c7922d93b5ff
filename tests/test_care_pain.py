"""What pain allows: the table for each kind of movement, the stop rules, and the pain limits' one home."""

from __future__ import annotations

import pytest
from care_people import library, rules

from checker.care.pain import allowed, allowed_load, settled_text, while_moving
from checker.care.records import Settled
from checker.exercise import Load
from checker.safety import GO_EASY_AT, STOP_AT, STOP_RISE


@pytest.mark.parametrize(
    ("load", "pains", "verdict", "portion"),
    [
        ("calm", range(11), "full", "full"),
        ("gentle", range(4), "full", "full"),
        ("gentle", (4, 5), "reduced", "lower_end"),
        ("gentle", range(6, 11), "no", "none"),
        ("load", range(4), "full", "full"),
        ("load", (4, 5), "reduced", "half_sets"),
        ("load", range(6, 11), "no", "none"),
    ],
)
def test_the_table(load: Load, pains: range, verdict: str, portion: str) -> None:
    for pain in pains:
        found = allowed_load(load, pain, rules())
        assert (found.verdict, found.portion) == (verdict, portion), pain
        assert found.to_first_pain == (portion == "lower_end")
        assert found.ask_safety == (pain >= 8)
        assert found.text
        assert "{" not in found.text


def test_every_movement_is_allowed_by_its_load() -> None:
    for exercise in library().values():
        for pain in range(11):
            found = allowed(exercise, pain, rules())
            assert found == allowed_load(exercise.load, pain, rules())
            if exercise.load == "calm":
                assert found.verdict == "full", "calm is never refused because of pain"


def test_pain_that_was_not_told_refuses_nothing_and_one_outside_is_an_error() -> None:
    assert allowed_load("load", None, rules()).verdict == "full"
    for wrong in (-1, 11):
        with pytest.raises(ValueError, match="expected 0 to 10"):
            allowed_load("calm", wrong, rules())


def test_the_limits_are_those_of_every_other_page() -> None:
    assert allowed_load("load", GO_EASY_AT - 1, rules()).verdict == "full"
    assert allowed_load("load", GO_EASY_AT, rules()).verdict == "reduced"
    assert allowed_load("load", STOP_AT, rules()).verdict == "no"
    assert rules().programme.back.pain_after == STOP_AT
    assert rules().programme.back.rise == STOP_RISE
    assert rules().programme.furthest.pain_below == GO_EASY_AT


@pytest.mark.parametrize(
    ("load", "before", "now", "kind"),
    [
        ("gentle", 2, 3, None),
        ("gentle", 2, 4, "amber"),
        ("gentle", 2, 5, "stop"),
        ("load", 5, 6, "stop"),
        ("gentle", None, 5, None),
        ("gentle", None, 6, "stop"),
        ("calm", 7, 7, None),
        ("calm", 6, 8, "amber"),
        ("calm", 6, 9, "stop"),
        ("load", 3, None, None),
        ("load", 6, 1, None),
    ],
)
def test_while_moving(load: Load, before: int | None, now: int | None, kind: str | None) -> None:
    found = while_moving(load, before, now, rules())
    assert (found and found.rule) == (kind and f"pain/moving/{kind}")
    assert found is None or (found.stop, found.smaller) == ((kind == "stop"), (kind == "amber"))


def test_what_calms_is_not_stopped_by_the_pain_that_was_there() -> None:
    for exercise in library().values():
        at_six = any(f"reaches {STOP_AT} of 10" in line for line in exercise.stop)
        assert at_six == (exercise.load != "calm"), exercise.id
        assert any(f"by {STOP_RISE} from where it was" in line for line in exercise.stop), exercise.id
    calm, load = while_moving("calm", 6, 9, rules()), while_moving("load", 3, 6, rules())
    assert calm is not None
    assert load is not None
    assert str(STOP_AT) not in calm.text
    assert str(STOP_AT) in load.text


def test_what_else_stops() -> None:
    leg = while_moving("calm", 0, 0, rules(), leg=True, dizzy=True)
    assert leg is not None
    assert leg.rule == "pain/moving/leg"
    dizzy = while_moving("calm", 0, 0, rules(), dizzy=True)
    assert dizzy is not None
    assert dizzy.stop
    breath = while_moving("load", 0, 2, rules(), breath_held=True)
    assert breath is not None
    assert breath.rule == "pain/moving/breath"


@pytest.mark.parametrize("settled", ["not_raised", "1h", "same_day", "by_morning", "longer"])
def test_each_way_to_settle_has_its_word(settled: Settled) -> None:
    assert settled_text(settled, rules()).endswith(".")
