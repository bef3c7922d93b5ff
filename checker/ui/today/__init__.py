"""The page "Today": how is your back, what matters for safety, and what to do today."""
