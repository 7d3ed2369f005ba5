"""The front door: everything behind ``make run`` and ``make test``.

It owns the set-up of a machine (virtual environment, front-end assets, servers) and the life of the product's
processes, and promises that whatever it started is stopped again. It uses the standard library alone, because it runs
before anything is installed, and it imports nothing of the product: the product's processes are commands in one table
(``processes.py``).
"""
