"""A small exercise file that is right, for tests that change it."""

BEND = """\
id = "bend"
name = "A bend"
kind = "self_test"
position = "standing"
view = "front"
phases = [2, 5]
summary = "Bend to the side."
why = "Shows how far."
steps = [
  "Stand still.",
  "Bend.",  # slowly
]
camera = ["Face the camera."]
cautions = ["Only as far as is comfortable."]
sources = ["A textbook"]

[[doses]]
repetitions = [2, 3]
source = "A textbook"
status = "clinical judgement"

[picture]
start = {}
end = { lean = 30 }

[repetition]
signal = "trunk_lateral_flexion"
sides = "signed"
min_excursion = 8.0  # degrees
source = "A textbook"
status = "published"

[[measures]]
id = "trunk_lateral_flexion"
name = "Side bend"
source = "A textbook"
status = "published"

# the hips
[[faults]]
id = "hip_shift"
name = "Hips moving"
cue = "Keep your hips over your feet."
rule = "past"

[[faults.conditions]]
signal = "hip_shift"
direction = "either"
threshold = 0.15  # about 7 cm
source = "A textbook"
status = "published"

[[faults.conditions]]
signal = "height_loss"
threshold = 0.1
source = "A textbook"
status = "published"

[[faults]]
id = "side_difference"
name = "Sides differ"
cue = "Notice what stops it."
rule = "side_difference"
threshold = 10.0
source = "A textbook"
status = "clinical judgement"
"""

HOLD = """\
id = "kept"
name = "A posture kept"
kind = "exercise"
position = "standing"
phases = [6]
summary = "Keep your knees bent."
why = "Trains the legs."
steps = ["Bend your knees and stay there."]
camera = ["Stand with one side to the camera."]
cautions = ["Only as long as is comfortable."]
sources = ["A textbook"]

[[doses]]
hold_s = [10, 20]
source = "A textbook"
status = "clinical judgement"

[picture]
start = { hips = 60, knees = 60 }

[hold]
source = "A textbook"
status = "clinical judgement"

[[hold.conditions]]
signal = "knee_flexion"
compare = "absolute"
threshold = 30
source = "A textbook"
status = "clinical judgement"

[[measures]]
id = "hold_time"
name = "Time held"
of = "hold_time"
source = "A textbook"
status = "clinical judgement"

[pace]
cycles = 4
steps = [{ name = "Breathe in", seconds = 5 }, { name = "breathe out", seconds = 3 }]
source = "A textbook"
status = "clinical judgement"
"""

GUIDED = """\
id = "walk"
name = "Walking"
kind = "guided"
position = "standing"
phases = [1]
summary = "Walk for a while."
why = "Keeps you moving."
steps = ["Walk."]
cautions = ["Only as far as is comfortable."]
sources = ["A textbook"]

[[doses]]
duration_s = [300, 600]
source = "A textbook"
status = "clinical judgement"

[picture]
start = {}
"""
