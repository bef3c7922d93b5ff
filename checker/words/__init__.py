"""The words: rules and values in plain English, the same on the pages, in the report and on the command line."""
