"""Messages whose events tell all that can be known."""

from bridge.messages import Message


class AsTold:
    """Completes nothing: of a network that needs it not, or that cannot be asked."""

    def complete(self, message: Message) -> Message:
        """The message as it came."""
        return message
