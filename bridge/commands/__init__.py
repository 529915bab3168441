"""The commands of `bridge`, one module each."""
