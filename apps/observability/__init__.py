"""Metrics (all declared in ``metrics``), logs and health. Imported by everything above ``core``; imports only ``core``.

Promises that a probe answers within a second whatever hangs, and that neither a metric nor a log line carries a secret.
"""
