"""Holds back those who guess passwords: by address and by login, over all machines by Redis."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from bridge.networks.rate_limit import limits_storage_url
from bridge.settings import Settings

BY_ADDRESS = "20 per 15 minutes"
BY_LOGIN = "5 per 15 minutes"
REFUSED = 401
"""Only these count: whoever knows the password is never held back by others' wrong ones alone."""


def make_limiter(app: Flask, settings: Settings) -> Limiter:
    """A limiter that counts in memory while Redis is away."""
    return Limiter(
        get_remote_address,
        app=app,
        storage_uri=limits_storage_url(settings.effective_redis_url),
        strategy="moving-window",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="bridge-admin",
    )


def login_given() -> str:
    """The login as typed, whatever its case, so that each spelling counts as one."""
    return f"login:{request.form.get('login', '').strip().casefold()[:190]}"


def was_refused(response: Response) -> bool:
    """Whether the attempt counts."""
    return response.status_code == REFUSED
