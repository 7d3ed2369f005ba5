"""Order pages: load with the account's own key, one selector, render."""
