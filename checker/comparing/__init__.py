"""Two repetitions laid over one another: an axis that both share, their curves on it, and a ghost of one in the other.

Pure: no pictures, no store, no page. Whether the values of two sessions differ is told by `checker.care.two_sessions`.
"""
