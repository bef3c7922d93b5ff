"""How often a change is told, as `benchmarks/change.py` finds it, on fewer people: the seeds are fixed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

from change import CHANGE_DEG, moved_people, simulate

from checker.care.sem import smallest_change


def test_few_unchanged_people_hear_of_a_change() -> None:
    rates = simulate(1500, np.random.default_rng(7))
    assert 0.002 < rates.told / rates.unchanged <= 0.05


def test_a_change_of_twice_the_smallest_one_is_found() -> None:
    rates = simulate(400, np.random.default_rng(7), size=CHANGE_DEG)
    assert rates.found / rates.changed >= 0.98


@pytest.mark.parametrize("own_pairs", [0, 6, 20])
def test_few_hear_of_a_change_who_scatter_more_than_the_table_says(own_pairs: int) -> None:
    """Where nobody knows it, by their own sessions alone; 20 per cent did before those were looked at."""
    rates = simulate(400, np.random.default_rng(7), sem=6.0, own_pairs=own_pairs)
    assert rates.told / rates.unchanged <= 0.06  # 3 to 4.5 per cent of many
    found = simulate(120, np.random.default_rng(7), sem=6.0, size=2 * smallest_change(6.0), own_pairs=own_pairs)
    assert found.found / found.changed >= 0.95


def test_the_whole_way_from_poses_finds_the_same() -> None:
    rates, errors, scatter = moved_people(3, np.random.default_rng(7))
    assert (rates.unchanged, rates.changed, rates.found) == (3, 3, 3)
    assert rates.told <= 1
    assert len(errors) >= 3 * 12 * 2 - 2
    assert 3.0 < scatter < 5.5
    assert np.std(errors) < 1.7  # an instrument that adds little to the good and bad days
