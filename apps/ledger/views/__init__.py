"""Cash pages: load with the account's own key, one selector or service, render."""
