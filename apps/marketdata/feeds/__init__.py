"""Where ticks come from. A source makes ticks; the publisher brings them to Kafka and to the engine."""
