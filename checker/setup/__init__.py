"""Is somebody there, in the right place, facing the right way, and still? What is asked before anything counts."""
