"""From poses to named signals.

Every signal is a pure function of a track and the person's own start posture. Signs are
anatomical: flexion forward +, lateral flexion to the person's left +, rotation to the left +.
Angles are degrees; lengths are in torso lengths (T: middle of the hips to middle of the shoulders,
at rest) or leg lengths, so that they need no calibration. NaN where a needed point was not seen.
From the side, "forward" is where the belly is, also for somebody who lies.

Image-plane positions are used for what happens in the plane of the picture, the model's 3-D
landmarks only for turns and leans out of it. In a side bend the two did about equally well (mean
errors 1.4 and 1.1 degrees in a first try); the image plane was kept because it can be drawn on the
picture and checked by eye.
"""

from checker.signals.catalogue import CATALOGUE, catalogue_of
from checker.signals.signal import Signal, SignalWords

__all__ = ["CATALOGUE", "Signal", "SignalWords", "catalogue_of"]
