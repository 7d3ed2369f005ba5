"""The buckets that histograms share, in seconds or in things counted."""

FAST = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
SLOW = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Of what may take hours: jobs.
LONG = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 1800)
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
#: The buckets of what browsers measure: fixed, for a beacon brings how many samples fell into each (static/realtime/measure.js).
BROWSER_EDGES_MS = (1, 2, 4, 8, 16, 33, 50, 100, 250, 500, 1000, 2500, 5000)
BROWSER = tuple(edge / 1000 for edge in BROWSER_EDGES_MS)
