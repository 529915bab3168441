"""Tells failed HTTP requests apart: was anything sent?"""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.exceptions import ProxyError as TunnelError


def failure_kind(error: requests.RequestException) -> str:
    """A word for the log and for staff: `timeout`, `tls` or `connection`."""
    if isinstance(error, requests.exceptions.Timeout):
        return "timeout"
    if isinstance(error, requests.exceptions.SSLError):
        return "tls"
    return "connection"


def never_sent(error: requests.RequestException) -> bool:
    """Whether the connection was not even opened: then the far side has surely done nothing."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError | TunnelError)
