"""Pages of alerts: load with the account's own key, one service or selector, render."""
