"""What I own: cost and P&L per position. A projection of the order events that can be rebuilt at any time."""
