"""TRC and MOT: OpenSim's own reader opens them, and finds the values of the analysis."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from synthetic_analysis import make_exercise, side_bend_analysis

from checker.judging.analysis import Analysis
from checker.report import write_reports
from checker.report.motion import places, write_landmarks, write_motion
from checker.skeleton import Landmark

OPENSIM = ROOT / ".opensim"
"""Where `.ci/run` installs it."""

READ = """
import sys
import numpy as np
import opensim
points, angles = opensim.TimeSeriesTableVec3(sys.argv[1]), opensim.TimeSeriesTable(sys.argv[2])
old = opensim.MarkerData(sys.argv[1])
at = range(points.getNumRows())
np.savez(
    sys.argv[3],
    names=points.getColumnLabels(),
    units=points.getTableMetaDataString("Units"),
    t_s=points.getIndependentColumn(),
    points=[[points.getRowAtIndex(i).getElt(0, k).to_numpy() for k in range(points.getNumColumns())] for i in at],
    old=[[old.getFrame(i).getMarker(k).to_numpy() for k in range(points.getNumColumns())] for i in at],
    angle_names=angles.getColumnLabels(),
    degrees=angles.getTableMetaDataString("inDegrees"),
    angle_t_s=angles.getIndependentColumn(),
    angles=[angles.getRowAtIndex(i).to_numpy() for i in range(angles.getNumRows())],
)
"""


def with_depth() -> Analysis:
    """An analysis with a place in space for every landmark; some were not seen, the last one among them."""
    analysis = side_bend_analysis(6.0)
    rng = np.random.default_rng(7)
    world = rng.normal(0, 0.6, (len(analysis.t_s), 33, 3)).astype(np.float32)
    world[3:6, 20] = world[2, 32] = world[9] = np.nan
    return replace(analysis, track=replace(analysis.track, world=world))


ANALYSIS = with_depth()


def opensim(script: str, folder: Path, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a script with OpenSim, in a folder in which it may leave its log."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(OPENSIM), *sys.path])}
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=env, cwd=folder)


@pytest.mark.clips
def test_opensim_reads_back_what_was_measured(tmp_path: Path) -> None:
    if opensim("import opensim", tmp_path).returncode:
        pytest.skip("NO OPENSIM ON THIS MACHINE: that it reads TRC and MOT was NOT tested; .ci/run installs it")
    trc, mot, read = tmp_path / "landmarks.trc", tmp_path / "angles.mot", tmp_path / "read.npz"
    write_landmarks(ANALYSIS, trc)
    write_motion(ANALYSIS, mot)
    done = opensim(READ, tmp_path, trc, mot, read)
    assert done.returncode == 0, done.stderr
    found = np.load(read)
    assert list(found["names"]) == [one.name.lower() for one in Landmark]
    assert str(found["units"]) == "m"
    np.testing.assert_allclose(found["t_s"], ANALYSIS.t_s, atol=6e-7)
    np.testing.assert_array_equal(found["points"].astype(np.float32), places(ANALYSIS).astype(np.float32))
    np.testing.assert_array_equal(found["old"], found["points"])
    assert np.isnan(found["points"]).any()
    assert str(found["degrees"]) == "yes"
    assert list(found["angle_names"]) == [
        "trunk_lateral_flexion_deg", "knee_flexion_deg", "hip_shift_torso_lengths", "torso_ratio",
    ]  # fmt: skip
    np.testing.assert_allclose(found["angle_t_s"], ANALYSIS.t_s, atol=6e-7)
    told = np.column_stack([s.values for s in ANALYSIS.signals.values()])
    np.testing.assert_allclose(found["angles"], told, rtol=1e-8, atol=1e-12)
    assert np.isnan(found["angles"]).any()


def test_the_files_say_what_is_in_them(tmp_path: Path) -> None:
    write_landmarks(ANALYSIS, tmp_path / "a.trc")
    write_motion(ANALYSIS, tmp_path / "a.mot")
    lines = (tmp_path / "a.trc").read_text("utf-8").split("\n")
    about = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    assert (about["Units"], about["NumMarkers"], about["NumFrames"]) == ("m", "33", str(len(ANALYSIS.t_s)))
    assert {len(line.split("\t")) for line in lines[6:-1]} == {2 + 3 * 33}
    rows = np.genfromtxt(lines[6:], delimiter="\t")
    np.testing.assert_allclose(rows[:, 2:].reshape(-1, 33, 3), places(ANALYSIS), rtol=1e-8)
    head, _, table = (tmp_path / "a.mot").read_text("utf-8").partition("endheader\n")
    assert f"nRows={len(ANALYSIS.t_s)}\nnColumns=5\ninDegrees=yes\n" in head
    assert table.startswith("time\ttrunk_lateral_flexion_deg\t")


def test_up_is_up_and_the_axes_are_right_handed() -> None:
    """In the picture's axes the head is at a negative y; turning keeps which hand the axes are of."""
    world = np.zeros((1, 33, 3), np.float32)
    world[0, Landmark.NOSE] = (0.1, -0.6, -0.2)  # to the right, above the hips, nearer to the camera
    one = replace(ANALYSIS, track=replace(ANALYSIS.track, world=world))
    np.testing.assert_allclose(places(one)[0, Landmark.NOSE], (0.1, 0.6, 0.2), rtol=1e-6)
    axes = places(replace(one, track=replace(one.track, world=np.eye(3, dtype=np.float32)[None])))[0]
    assert np.linalg.det(axes) == pytest.approx(1.0)


def test_a_signal_of_which_nothing_was_seen_is_left_out(tmp_path: Path) -> None:
    blind = {i: replace(s, values=np.full(len(s.values), np.nan)) for i, s in ANALYSIS.signals.items()}
    blind["knee_flexion"] = ANALYSIS.signals["knee_flexion"]
    write_motion(replace(ANALYSIS, signals=blind), tmp_path / "a.mot")
    assert "\ntime\tknee_flexion_deg\n" in (tmp_path / "a.mot").read_text("utf-8")


def test_without_a_frame_there_is_no_file(tmp_path: Path) -> None:
    """OpenSim's reader never comes back from a TRC file without frames."""
    none = {i: replace(s, values=s.values[:0]) for i, s in ANALYSIS.signals.items()}
    empty = replace(ANALYSIS, t_s=ANALYSIS.t_s[:0], signals=none, track=ANALYSIS.track.slice(slice(0, 0)))
    files = write_reports(empty, make_exercise(), None, tmp_path)
    assert not {"trc", "mot"} & files.keys()
    assert "json" in files
