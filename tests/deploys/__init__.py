"""Processes that are told to end and replaced while people trade; versions side by side; migrations beside a running engine."""
