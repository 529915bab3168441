"""Places answers back where the message was: one module per target, one registry line each."""
