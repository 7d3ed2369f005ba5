"""Where ticks come from. A source makes ticks; the publisher brings them to the event log and to the engine."""
