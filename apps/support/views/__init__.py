"""Pages of the console: access, the trail, then what is read, in a transaction that cannot write."""
