"""Settings: ``env`` reads the environment, ``base`` is the product, ``people`` its log-in; ``dev``, ``test``, ``prod`` differ."""
