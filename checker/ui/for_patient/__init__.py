"""What a physio sets for one patient and writes to them, and how the patient reads it."""
