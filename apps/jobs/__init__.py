"""Jobs: work that may run late or twice. Statements, reconciliation, equity snapshots, retention.

Owns the record of runs: one row a job and business day, so that a day's work is done once whoever asks for it and however often
a queue delivers it. What a job does belongs to the app whose tables it writes; here is when it runs, that it runs alone, and what
became of it. No job writes money or orders: the runner refuses it.
"""
