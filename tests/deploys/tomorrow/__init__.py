"""What the next version might bring: migrations that are applied while the present one trades."""
