"""The report: one page of HTML with everything in it, and no network."""
