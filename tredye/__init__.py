"""Wiring only: settings, ASGI, root URLs. No rule of the product lives here."""
