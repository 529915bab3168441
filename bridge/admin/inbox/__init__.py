"""«Входящие»: every event of the inbox, and a message's whole way from arrival to placement."""

from bridge.admin.inbox.views import routes

__all__ = ["routes"]
