"""«Инцидент менеджмент» and the MSS module as one local server."""

from sandbox.exchange.server import ExchangeSandbox, ExchangeSettings

__all__ = ["ExchangeSandbox", "ExchangeSettings"]
