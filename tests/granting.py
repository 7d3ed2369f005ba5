"""``python -m tests.granting``: the logins and their rights in the database of DATABASE_URL, as ``prepare`` gives them."""

import django

if __name__ == "__main__":
    django.setup()
    from apps.grants.granting import bring

    bring()
