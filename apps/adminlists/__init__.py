"""The Django admin's pages as this product has them: lists and details that only read, and stay usable at millions of rows.

Knows no table of its own; each app's ``admin.py`` declares what to show of its models. Buttons that send commands are
``backoffice.buttons``, above it.
"""
