"""Completes messages by their authors' names, where that is all that is to be asked."""

from dataclasses import replace

from bridge.ingest.port import AuthorDirectory
from bridge.messages import Message


class NamingCompleter:
    """Asks for a name that the event did not tell."""

    def __init__(self, authors: AuthorDirectory) -> None:
        self._authors = authors

    def complete(self, message: Message) -> Message:
        """The message; its author as it came where nobody knows the name."""
        if message.author.name:
            return message
        author = self._authors.find(message.author.external_id)
        return replace(message, author=author) if author.name else message
