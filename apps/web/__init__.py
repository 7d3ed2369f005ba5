"""The shell: base page, navigation, sign-up and log-in, pages that compose other apps' fragments, number formatting."""
