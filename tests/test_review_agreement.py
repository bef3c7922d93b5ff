"""The labelled set of a review, and the agreement that is read from it, against published examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_review import BEND, machine, made, rep, track, value

from checker.review.agreement import agreement_on_faults, agreement_on_measures, icc_2_1, kappa
from checker.review.corrected import corrected
from checker.review.corrections import (
    Agree,
    ConfirmFault,
    Correction,
    Delete,
    DismissFault,
    Reading,
    Undo,
    Unusable,
)
from checker.review.judgements import Judgement, JudgementsError, from_csv, judgements, to_csv

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Their Table 2; in Table 4, ICC(2,1) = .29."""

WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 259, 477, 259, 350, 451]
"""Bland and Altman 1986, Table 1, first readings: mean difference -2.1, limits -79.7 and 75.5 l/min."""


def rows(*corrections: Correction) -> list[Judgement]:
    after = corrected(BEND, track(), None, None, corrections).assessment
    return judgements("clip-1", machine().assessment, after, corrections)


def told(row: Judgement) -> tuple[str, str, str]:
    return row.rule, row.machine, row.reviewer


def test_icc_is_that_of_the_published_example() -> None:
    assert icc_2_1(np.array(SHROUT_FLEISS, float)) == pytest.approx(0.29, abs=0.005)


def test_icc_says_where_it_says_nothing() -> None:
    assert icc_2_1(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])) == pytest.approx(1.0)
    assert math.isnan(icc_2_1(np.array([[1.0, 2.0]])))
    assert math.isnan(icc_2_1(np.full((3, 2), 5.0)))


def test_kappa_is_agreement_beyond_chance() -> None:
    assert kappa(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)  # 0.70 found, 0.50 by chance
    assert kappa(np.array([[25.0, 25.0], [25.0, 25.0]])) == pytest.approx(0.0)
    assert math.isnan(kappa(np.array([[50.0, 0.0], [0.0, 0.0]])))
    assert math.isnan(kappa(np.zeros((2, 2))))


def test_bias_and_limits_are_those_of_the_published_example() -> None:
    pairs = [
        Judgement.model_validate(
            {"clip": f"{n}", "exercise": "x", "kind": "measure", "rule": f"flow/{side}", "unit": "l/min", "blind": True,
             "machine": f"{a}", "reviewer": f"{b}", "by": "x", "at": made()["at"]}
        )
        for n, (a, b, side) in enumerate(zip(WRIGHT, MINI, ["left", "right"] * 9, strict=False))
    ]  # fmt: skip
    nothing = pairs[0].model_copy(update={"machine": "not measured"})
    [found] = agreement_on_measures([*pairs, nothing])
    assert (found.rule, found.n, found.left_open) == ("flow", 17, 1)
    assert found.bias == pytest.approx(-2.1, abs=0.05)
    assert (found.low, found.high) == pytest.approx((-78.1, 73.9), abs=0.5)


def test_a_judgement_is_a_row_and_the_newest_counts() -> None:
    fault = machine().assessment.faults[0]
    yes = ConfirmFault(fault=fault.id, blind=True, seconds=12.5, **made(1))
    no = DismissFault(fault=fault.id, **made(2))
    by_machine = {"flagged": "present", "clear": "absent"}.get(fault.status, "not measured")
    [row] = rows(yes)
    assert (told(row), row.blind, row.seconds, row.by) == ((fault.id, by_machine, "present"), True, 12.5, "P. T.")
    assert [told(r)[2] for r in rows(yes, no)] == ["absent"]
    assert rows(yes, Undo(of=yes.id, **made(2))) == []


def test_a_corrected_repetition_gives_the_values_that_it_changed() -> None:
    gone = Delete(at_s=rep(2).peak_s, seconds=4.0, **made(1))
    found = {row.rule: row for row in rows(gone)}
    assert told(found["repetitions/left"])[1:] == ("2", "1")
    assert "repetitions/right" not in found
    left = found["trunk_lateral_flexion/left"]
    assert float(left.machine) == value(machine().assessment, "left").value
    assert float(left.reviewer) == pytest.approx(rep(0).rom.value, abs=0.1)
    assert left.seconds == 4.0


def test_only_who_says_so_agrees_with_the_rest() -> None:
    gone = Delete(at_s=rep(2).peak_s, **made(1))
    found = {row.rule: row for row in rows(gone, Agree(**made(2)))}
    assert told(found["repetitions/right"])[1:] == ("2", "2")
    assert told(found["repetitions/left"])[1:] == ("2", "1")
    judged = {f.id for f in machine().assessment.faults if f.status in {"clear", "flagged"}}
    assert judged == {row.rule for row in found.values() if row.kind == "fault"}


def test_a_reading_stands_beside_the_machines_value() -> None:
    read = Reading(measure="trunk_lateral_flexion", side="left", value=27.0, unit="deg", blind=True, **made(1))
    nothing = Reading(measure="breathing", value=3.0, unit="1/min", **made(2))
    found = {row.rule: row for row in rows(read, nothing)}
    assert told(found["trunk_lateral_flexion/left"])[1:] == (f"{value(machine().assessment, 'left').value:g}", "27")
    assert told(found["breathing"])[1:] == ("not measured", "3")
    [usable] = rows(Unusable(why="camera_moved", **made()))
    assert told(usable) == ("usable", "usable", "camera_moved")


def test_faults_are_counted_and_what_the_machine_left_open_is_told() -> None:
    def one(rule: str, machine: str, reviewer: str) -> Judgement:
        more = {"clip": "c", "exercise": "x", "kind": "fault", "blind": False, "by": "x", "at": made()["at"]}
        return Judgement.model_validate({**more, "rule": rule, "machine": machine, "reviewer": reviewer})

    many = [one("a", "present", "present"), one("a", "absent", "absent"), one("a", "unsure", "present")]
    many += [one("b", "present", "absent"), one("b", "absent", "absent")]
    a, b, every = agreement_on_faults(many)
    assert (a.rule, a.n, a.left_open, a.kappa) == ("a", 2, 1, 1.0)
    assert (b.both, b.machine_only, b.reviewer_only, b.neither, b.kappa) == (0, 1, 0, 1, 0.0)
    assert (every.rule, every.n, every.left_open) == ("all faults", 4, 1)


def test_a_file_comes_back_as_it_was() -> None:
    found = rows(Delete(at_s=rep(2).peak_s, seconds=4.5, **made(1)), Agree(**made(2)))
    assert from_csv(to_csv(found), "x.csv") == found
    text = to_csv([found[0].model_copy(update={"by": "=SUM(A1)"})])
    assert ",'=SUM(A1)," in text


@pytest.mark.parametrize("text", ["", "clip,rule\n1,2\n", to_csv([]) + "a,b,fault,r,,p,q,maybe,,x,2026-11-27\n"])
def test_another_file_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(JudgementsError, match=r"^x\.csv") as refused:
        from_csv(text, "x.csv")
    assert "\n" not in str(refused.value)
