from tests.eventlog.conftest import prefix, topics

__all__ = ["prefix", "topics"]
