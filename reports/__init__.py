"""The command line and the reports.  Imports nothing heavy, so that `gammaphi --help` answers at once."""
