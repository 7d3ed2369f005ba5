"""The event log on Apache Kafka: the only importer of its client."""
