"""What the public sees: quotes, trade prints, depth and bars; the feeds that bring them and the tables that keep them."""
