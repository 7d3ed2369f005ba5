"""Settings: ``env`` reads the environment, ``base`` is the product, ``dev``, ``test`` and ``prod`` say what differs."""
