"""The command line: `backcheck`, or `python -m checker`."""

from checker.cli.commands import main

__all__ = ["main"]
