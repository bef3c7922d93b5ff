"""Which version of BackCheck this is."""

__version__ = "0.11.0"
