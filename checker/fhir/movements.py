"""What movements and their measures are called: their own names where the movement is here, else their ids."""

from __future__ import annotations

from checker.exercise import Exercise
from checker.library import ExerciseError, find_exercise


class Movements:
    """The movements that records name, each read once."""

    def __init__(self) -> None:
        """Of one bundle."""
        self._found: dict[str, Exercise | None] = {}

    def find(self, exercise: str) -> Exercise | None:
        """Return a movement by its id; None where it is not here."""
        if exercise not in self._found:
            try:
                self._found[exercise] = find_exercise(exercise)
            except ExerciseError:
                self._found[exercise] = None
        return self._found[exercise]

    def name(self, exercise: str) -> str:
        """Return what a movement is called."""
        found = self.find(exercise)
        return exercise if found is None else found.name

    def measure(self, exercise: str, key: str) -> str:
        """Return what a measure is called, without its side.

        Args:
            exercise: id of the movement.
            key: under which a session keeps its value: "id" or "id/side".
        """
        found, (of, _, _) = self.find(exercise), key.partition("/")
        names = {} if found is None else {rule.id: rule.name for rule in found.measures}
        return names.get(of, key)
