"""Text from outside, fit for every store."""


def storable(text: str) -> str:
    """Without null bytes, which PostgreSQL refuses, and lone surrogates, which UTF-8 refuses."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
