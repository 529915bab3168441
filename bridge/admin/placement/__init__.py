"""«Размещение»: approved answers on their way, and what a person can do where the bridge cannot."""

from bridge.admin.placement.views import routes

__all__ = ["routes"]
