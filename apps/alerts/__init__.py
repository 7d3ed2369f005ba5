"""Alerts on prices and orders, and the notices that they become: in the page at once, and by e-mail.

Owns what a person asked to be told, what fired, the notices, and the mails about them. Nothing here touches money or orders: it
reads prices and events from the log, and every notice is a row of Postgres before anybody hears of it.
"""
