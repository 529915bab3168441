"""Whether the process lives (`/healthz`) and whether it can do its work (`/readyz`)."""

import structlog
from flask import Blueprint, Response, jsonify
from redis.exceptions import RedisError

from bridge.bootstrap import glance_at_redis
from bridge.settings import Settings
from bridge.store.database import Store, StoreUnavailable
from bridge.store.schema import is_current

log = structlog.get_logger()


def health_routes(store: Store, settings: Settings) -> Blueprint:
    """`GET /healthz`, `GET /readyz`."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return jsonify(alive=True)

    @routes.get("/readyz")
    def readyz() -> tuple[Response, int]:
        store_ready, queue_ready = _store_ready(store), _queue_ready(settings)
        # Without Redis callbacks are still taken in: the sweep does what hints would have done.
        return jsonify(store=store_ready, queue=queue_ready), 200 if store_ready else 503

    return routes


def _store_ready(store: Store) -> bool:
    try:
        return is_current(store.engine)
    except StoreUnavailable:
        return False
    except Exception as error:  # noqa: BLE001 - whatever the database says, it is not ready
        log.warning("store not ready", error=type(error).__name__)
        return False


def _queue_ready(settings: Settings) -> bool:
    redis = glance_at_redis(settings)
    try:
        return bool(redis.ping())
    except RedisError:
        return False
    finally:
        redis.close()
