"""Settings: ``env`` reads the environment, ``base`` is the product, ``people`` its log-in, ``stream`` its sockets,
``observability`` what is measured of it and told.

``dev``, ``test`` and ``prod`` differ in the rest.
"""
