"""Which of two PostgreSQL servers is the primary: for whoever connects, and for the guard that lets the other one take over."""
