"""What travels on the topics: frozen, versioned by tag, refusing unknown fields. Numbers are strings."""
