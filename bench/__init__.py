"""What the product is measured by: ratios of two things measured in turn, on the same machine, in the same minutes.

``python -m bench [family]`` prints one line of JSON per figure and writes it with its raw samples to ``bench/results/``. It
drives the product's own code, on a database of its own beside the one that DATABASE_URL names, and drops it in the end.
"""
