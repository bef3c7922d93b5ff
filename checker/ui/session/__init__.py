"""The page "Session": a physio's look at one recording, with all that can be corrected in it."""
