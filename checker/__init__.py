"""BackCheck: measures low-back self-tests on video and says how sure it is."""

__version__ = "0.1.0"
