"""Faults of a moment, watched frame by frame, from the past alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from checker.fault_rules import OWN_LIMIT, FaultRule, PastFault
from checker.judging.limits import Catalogue, Hysteresis, signal_error, slack_of
from checker.rules import FaultCondition
from checker.signals import CATALOGUE

LIVE_CARE: Final = 0.4
"""By this share of the hysteresis (2 degrees, 6 % of a length) a cue waits for more than is certain in the end:
smoothed from the past alone, a signal reaches up to 1.9 degrees or 0.002 torso lengths further than as a whole
(on noisy analytic bodies)."""


_Conditions = list[tuple[str, float, Hysteresis]]
"""Each condition's signal, its value in the start posture, and what follows it."""


def with_care(rule: FaultRule, units: Mapping[str, str], catalogue: Catalogue) -> FaultRule:
    """A rule of moments as it is told live of a whole repetition: by `LIVE_CARE` more than is certain in the end.

    Args:
        rule: of the exercise file; one that looks at a repetition as a whole stays as it is.
        units: signal id -> unit.
        catalogue: the signals with the errors of the model that sees the poses.
    """
    if not isinstance(rule, PastFault):
        return rule

    def wider(c: FaultCondition) -> FaultCondition:
        return c.model_copy(update={"error": signal_error(c, catalogue) + LIVE_CARE * slack_of(c, units[c.signal])})

    return rule.model_copy(update={"conditions": [wider(c) for c in rule.conditions]})


class Watch:
    """One rule of a moment: how long its conditions have been met by more than their errors.

    Attributes:
        rule: the rule.
        lasts: whether it became certain, and its thresholds are still passed.
        past_since_s: since when the thresholds themselves are passed, by however little; that is when the fault began.
        may_be: whether they were passed, or nearly so within their errors, in the repetition or hold under way.
    """

    def __init__(
        self, rule: PastFault, baseline: Mapping[str, float], units: Mapping[str, str], catalogue: Catalogue = CATALOGUE
    ) -> None:
        """Watch from now on.

        Args:
            rule: of the exercise file.
            baseline: signal id -> its value in the start posture.
            units: signal id -> unit.
            catalogue: the signals with the errors of the model that sees the poses.
        """
        self.rule = rule
        self.lasts = False
        self.past_since_s = np.inf
        self.may_be = False
        self._past: _Conditions = []
        self._certain: _Conditions = []
        self._possible: _Conditions = []
        for c in rule.conditions:
            unit, zero = units[c.signal], baseline[c.signal]
            error = signal_error(c, catalogue)
            beyond = 0.0 if rule.id == OWN_LIMIT else error + LIVE_CARE * slack_of(c, unit)  # a limit is told in time
            self._past.append((c.signal, zero, Hysteresis(c, unit)))
            self._certain.append((c.signal, zero, Hysteresis(c, unit, beyond)))
            self._possible.append((c.signal, zero, Hysteresis(c, unit, -error)))
        self._since_s: float | None = None

    def feed(self, t_s: float, now: Mapping[str, float], inside: bool) -> bool:
        """Whether it became certain with this frame; it lasts until the thresholds themselves are passed no more.

        Args:
            t_s: the frame's time.
            now: signal id -> its value.
            inside: whether a repetition or hold is under way, within which the rule is judged.
        """
        past, certain = self._met(self._past, now), self._met(self._certain, now)
        self.may_be = inside and (self._met(self._possible, now) or self.may_be)
        self.past_since_s = min(self.past_since_s, t_s) if inside and past else np.inf
        self.lasts = self.lasts and inside and past
        if not (inside and certain):
            self._since_s = None
            return False
        if self._since_s is None:
            self._since_s = t_s
        new = not self.lasts and t_s - self._since_s >= self.rule.min_duration_s
        self.lasts = self.lasts or new
        return new

    def _met(self, conditions: _Conditions, now: Mapping[str, float]) -> bool:
        met = [h.feed(now[signal], zero) for signal, zero, h in conditions]
        return all(met) if self.rule.when == "all" else any(met)
