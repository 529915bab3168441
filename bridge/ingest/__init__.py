"""Takes in what the networks send: one module per source, one registry line each."""
