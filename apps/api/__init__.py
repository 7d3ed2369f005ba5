"""For programs: orders over HTTP, beside Django and without its request cycle."""
