"""BackCheck: measures low-back self-tests on video and says how sure it is.

    from checker import analyze_video

    analysis = analyze_video("clip.mp4", "standing_side_bend")
    for measure in analysis.assessment.measures:
        print(measure.name, measure.side, measure.value, measure.uncertainty, measure.reason)

The names below are all that other programs should use. Each is loaded when it is first used, so that
`import checker` stays quick: the libraries for video and pose take seconds.

Attributes:
    analyze_video: a video file in, an `Analysis` out.
    record_video: a video file in, the poses out (`track`), with what else is known of it (`known`): to be kept.
    assess: recorded poses (`PoseTrack`) in, an `Analysis` out; needs neither the video nor the pose model.
    Engine: takes poses one by one, and gives feedback at once and an `Analysis` at the end.
    find_exercise, list_exercises: the movements there are.
    PoseTrack: the poses of one person in a video; `save` and `load` keep them in a file.
    Analysis: what was found, and the curves that it was found in.
    Assessment: what was found, with a JSON form: measures, repetitions, faults, and why something is missing.
    write_reports: the files of an `Analysis`: JSON, CSV, a page to print, the annotated video.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from checker.version import __version__

if TYPE_CHECKING:
    from checker.analyze import analyze_video, record_video
    from checker.assessing import assess
    from checker.assessment import Assessment
    from checker.engine import Engine
    from checker.judging.analysis import Analysis
    from checker.library import find_exercise, list_exercises
    from checker.report import write_reports
    from checker.track import PoseTrack

__all__ = [
    "Analysis",
    "Assessment",
    "Engine",
    "PoseTrack",
    "__version__",
    "analyze_video",
    "assess",
    "find_exercise",
    "list_exercises",
    "record_video",
    "write_reports",
]

_HOMES: Final = {
    "Analysis": "checker.judging.analysis",
    "Assessment": "checker.assessment",
    "Engine": "checker.engine",
    "PoseTrack": "checker.track",
    "analyze_video": "checker.analyze",
    "assess": "checker.assessing",
    "find_exercise": "checker.library",
    "list_exercises": "checker.library",
    "record_video": "checker.analyze",
    "write_reports": "checker.report",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used.

    Raises:
        AttributeError: there is none of that name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; expected one of {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
