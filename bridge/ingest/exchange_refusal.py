"""A file that is no export of cards."""


class NoExport(Exception):
    """A file cannot be read as an export at all. Its text is Russian, for staff."""
