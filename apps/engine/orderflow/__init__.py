"""Drive the matching core with a recorded order flow, and write the book that comes of it: ``manage.py replay_orderflow``.

``files`` reads lines with a limit and writes a file that appears whole or not at all; ``lobster`` is the format of NASDAQ's
messages and books; ``market`` is the product's own venue with accounts for a flow whose people nobody knows; ``named`` and
``commands`` turn a file's rows into commands; ``comparison`` explains where a real book is another one. It needs no database and
no server. ``docs/orderflow.md`` says what a row does and why.
"""
