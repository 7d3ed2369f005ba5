"""Settings: ``env`` reads the environment, ``base`` is the product, ``people`` how they log in, ``dev``, ``test`` and ``prod`` say what differs."""
