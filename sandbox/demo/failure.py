"""Why the demonstration cannot go on, in words for whoever started it."""


class DemoFailed(Exception):
    """Something is missing, taken, or not as it should be. The text says what to do."""
