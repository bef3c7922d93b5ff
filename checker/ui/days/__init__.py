"""What a patient's days had, for the physio: planned and done, and what remote monitoring counts."""
