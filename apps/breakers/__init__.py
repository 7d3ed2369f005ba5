"""Circuit breakers: what this process does not wait for, because the server that would have to answer is away.

Closed, everybody may ask. A server that has been silent for too long, or that takes no connections, opens its breaker: who waits
is told so at once, and so is who comes, in microseconds. One thread goes on asking, one question at a time, and the first answer
closes the breaker again. Nobody is armed by itself: the servers that answer people and programs are (``tredye/asgi.py``). Behind
workers nobody waits, so they wait.
"""
