"""The one engine: poses in, an analysis out. Files and the camera run the same rules.

`feed` takes one pose and answers at once from the past alone (`record` only takes it); `finish`
looks at the whole, without delay, and its word is final. Pure: no clock, no files, no drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from checker.assessing import UNNAMED, Circumstances, assess, must_be_measured
from checker.assessment import ModelInfo, Override
from checker.dose import Dose
from checker.exercise import Exercise
from checker.judging.analysis import Analysis
from checker.judging.source import Source
from checker.live.feedback import Feedback, Verdict
from checker.live.judge import LiveJudge
from checker.posture import StartPosture
from checker.reasons import Reason
from checker.track import Pose, PoseTrack, TrackRecorder


class Engine:
    """Measures one person doing one exercise.

    Poses are taken as the camera gives them; they are turned round here where the picture is a mirror image.

    Attributes:
        source: what is known of where the poses come from; to be set before `finish`.
        mirrored: whether their picture is a mirror image; None where nobody said. To be set before the first
            pose that is fed.
    """

    def __init__(
        self,
        exercise: Exercise,
        width: int,
        height: int,
        mirrored: bool | None = None,
        dose: Dose | None = None,
        model: str = "",
        to_first_pain: int = 0,
    ) -> None:
        """Start.

        Args:
            exercise: the movement; one in which something is measured.
            width: of the frames, pixels.
            height: of the frames, pixels.
            mirrored: whether their picture is a mirror image; None where nobody said.
            dose: how much of it is asked for; the movement's first one unless given.
            model: name of the pose model, by whose errors is told at once; in the end `finish` says which it was.

            to_first_pain: how many of the first repetitions to each side go to the first pain only.

        Raises:
            ValueError: nothing is measured in this exercise.
        """
        must_be_measured(exercise)
        exercise = exercise.for_dose(dose or exercise.first_dose)
        self._exercise = exercise
        self._dose = dose
        self._to_first_pain = to_first_pain
        self._size = (width, height)
        self._recorder = TrackRecorder()
        self._restarts: list[int] = []
        self._ready: list[int] | None = None
        self._live = LiveJudge(exercise, width, height, model, to_first_pain)
        self.source = Source()
        self.mirrored = mirrored

    def record(self, pose: Pose) -> None:
        """Take the next pose, in order of time, when nobody waits for an answer."""
        self._recorder.append(pose)

    def feed(self, pose: Pose) -> Feedback:
        """Take the next pose, in order of time, and say what can be said from the past alone."""
        was_ready = self.start is not None
        self._ready = self._ready or []
        feedback = self._live.feed(self.own(pose))
        if feedback.ready and not was_ready:
            self._ready.append(len(self._recorder))
        self.record(pose)
        return feedback

    def own(self, pose: Pose) -> Pose:
        """A pose as the camera gives it, with left and right the person's own."""
        return pose.mirrored(self._size[0]) if self.mirrored else pose

    @property
    def start(self) -> StartPosture | None:
        """The start posture that the movement under way is judged from, while there is one."""
        return self._live.start

    @property
    def track(self) -> PoseTrack:
        """Every pose so far, as the camera gave it."""
        return self._recorder.track(*self._size)

    def restart(self) -> None:
        """Look for the start posture again; what comes is judged from that one."""
        self._restarts.append(len(self._recorder))
        self._live.restart()

    def go_on_as_seen(self) -> None:
        """Do not wait for joints that only the faults need."""
        self._live.go_on_as_seen()

    def settle(self) -> Verdict:
        """Judge all so far as `finish` would, and bring what is counted live in line with it."""
        found = self.finish(UNNAMED).assessment
        seen = Counter(r.side for r in found.reps)
        counts = {side or "both": seen[side or "both"] for side in self._exercise.sides}
        self._live.correct(counts)
        reasons = [Reason(r.reason_code or "", r.reason) for r in found.ranges if r.reason and not found.measured]
        reasons += [Reason(m.reason_code or "", m.reason) for m in found.measures if m.reason and not found.measured]
        reasons += [Reason(p.reason_code or "", p.reason) for p in reversed(found.partial_reps)]
        return Verdict(counts, bool(found.measured), next(iter(reasons), None))

    def finish(
        self,
        model: ModelInfo,
        warnings: Sequence[str] = (),
        pain_s: Sequence[float] = (),
        slow: str = "",
        recorded_at: datetime | None = None,
        analysed_at: datetime | None = None,
        led_on: Mapping[str, float] | None = None,
        pain_before: int | None = None,
        overrides: Sequence[Override] = (),
    ) -> Analysis:
        """Judge everything that was fed; the arguments are explained at `checker.assessing.Circumstances`."""
        known = Circumstances(
            model=model,
            source=self.source,
            mirrored=self.mirrored,
            restarts=tuple(self._restarts),
            ready=None if self._ready is None else tuple(self._ready),
            pain_s=tuple(pain_s),
            warnings=tuple(warnings),
            slow=slow,
            to_first_pain=self._to_first_pain,
            recorded_at=recorded_at,
            analysed_at=analysed_at,
            led_on=tuple((led_on or {}).items()),
            pain_before=pain_before,
            overrides=tuple(overrides),
        )
        return assess(self._exercise, self.track, self._dose, known)
