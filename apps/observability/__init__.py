"""Metrics (all declared in ``metrics``), logs and health. Imported by everything above ``core``; imports only ``core``."""
