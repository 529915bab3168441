"""Speaks HTTP with one Redmine: python-redmine's engine with time limits, retries and clear errors.

Every answer that is not a success becomes one of `bridge.helpdesk.port`'s errors. The API key is
sent in a header only, and redirects are refused: the header would follow one to another host.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import requests
from redminelib import Redmine
from redminelib.engines import SyncEngine
from redminelib.exceptions import (
    AuthError,
    BaseRedmineError,
    ConflictError,
    ForbiddenError,
    JSONDecodeError,
    RequestEntityTooLargeError,
    ResourceNotFoundError,
    ServerError,
    UnknownError,
    ValidationError,
)
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from bridge.calls import Calls, Outcome, operation_of
from bridge.helpdesk.port import (
    HelpdeskError,
    HelpdeskRefused,
    HelpdeskUnavailable,
    HelpdeskUnreachable,
    StaleIssue,
)
from bridge.http_environment import settle_environment
from bridge.http_failures import never_sent

JsonObject = dict[str, Any]

_TRY_LATER = frozenset({408, 425, 429})
_RETRY_PAUSE_SECONDS = 0.2
_PIECE = 65_536


class Timeout(NamedTuple):
    """Limits of one HTTP try, seconds: to connect, and between two pieces of the answer."""

    connect: float = 3.05
    read: float = 10.0


DEFAULT_TIMEOUT = Timeout()


class PageMissing(HelpdeskRefused):
    """Redmine has no such page (404): no such thing, no right to see it, or no plugin."""


class NotAuthenticated(HelpdeskRefused):
    """Redmine takes neither this key nor this login and password (401)."""


class TooLarge(HelpdeskRefused):
    """The server before Redmine takes no request of this size (413)."""


class ValidationRefused(HelpdeskRefused):
    """Redmine found the values wrong (422). `reasons`: its own words; empty when it gave none."""

    def __init__(self, reasons: str) -> None:
        super().__init__(f"Redmine не принял изменение: {reasons or 'причина не названа'}")
        self.reasons = reasons


class RedmineSession:
    """One keep-alive connection to one Redmine, as one user. Not to be shared between threads.

    Reads are tried twice on network trouble, 429 and 502-504; writes once, unless the
    connection could not even be opened. `ValueError` when `url` is not an http(s) address.
    """

    def __init__(self, url: str, key: str, timeout: Timeout = DEFAULT_TIMEOUT) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"Redmine's address must look like https://redmine.example, not {url}")
        self.url = url.rstrip("/")
        self._engine = self._open(timeout, key=key)

    @classmethod
    def of_person(cls, url: str, login: str, password: str, timeout: Timeout) -> Self:
        """The same as a person who gave login and password; Redmine takes a key as a login, too."""
        session = cls(url, "", timeout)
        session._engine = session._open(timeout, username=login, password=password)
        return session

    def _open(self, timeout: Timeout, **credentials: str) -> Any:
        engine = Redmine(
            self.url,
            engine=_BoundedEngine,
            requests={"timeout": timeout, "max_redirects": 0},
            **credentials,
        ).engine
        settle_environment(engine.session, self.url)
        return engine

    def get(self, path: str, part: str, params: Mapping[str, Any] | None = None) -> Any:
        """The `part` of the JSON object at `path`. Raises any `HelpdeskError` but `StaleIssue`."""
        return _part(self._request("get", path, params=params), part, f"get {path}")

    def rows(self, path: str, container: str) -> list[JsonObject]:
        """All rows of a list, page by page."""
        with _call("get", path):
            rows: list[JsonObject] = self._engine.bulk_request("get", self.url + path, container)[0]
        return rows

    def create(self, path: str, body: Mapping[str, Any], part: str) -> JsonObject:
        """Create something; the `part` of the answer that shows it as it was made."""
        made: JsonObject = _part(self._request("post", path, data=body), part, f"post {path}")
        return made

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        """Have something done."""
        self._request("post", path, data=body)

    def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Change something. Raises `StaleIssue` on 409."""
        self._request("put", path, data=body)

    def upload(self, name: str, content: bytes) -> str:
        """Send a file to be attached to something; the token that stands for it.

        A file that is never attached is removed by Redmine's own housekeeping.
        """
        made = self._request(
            "post",
            "/uploads.json",
            params={"filename": name},
            headers={"Content-Type": "application/octet-stream"},
            data=content,
        )
        upload: JsonObject = _part(made, "upload", "post /uploads.json")
        return str(_part(upload, "token", "post /uploads.json"))

    def download(self, path: str, size: int) -> bytes:
        """A file of so many bytes. `HelpdeskUnavailable` when it is not as long as that."""
        with (
            _call("get", path),
            closing(self._engine.session.get(self.url + path, stream=True)) as answer,
        ):
            if not answer.ok:
                self._engine.process_response(answer)
            content = _beginning(answer, size + 1)
        if len(content) != size:
            raise HelpdeskUnavailable(f"get {path}: the file is not as long as told")
        return content

    def delete(self, path: str) -> None:
        """Remove something."""
        self._request("delete", path)

    def _request(self, method: str, path: str, **options: Any) -> JsonObject:
        with _call(method, path):
            answer = self._engine.request(method, self.url + path, **options)
        if answer is True:
            return {}
        if not isinstance(answer, dict):
            raise HelpdeskUnavailable(f"{method} {path}: the answer is not a JSON object")
        return answer


class _BoundedEngine(SyncEngine):  # type: ignore[misc]  # python-redmine has no types
    """python-redmine ignores a `timeout` option silently: its session needs an adapter."""

    @staticmethod
    def create_session(timeout: Timeout, **params: Any) -> requests.Session:
        session: requests.Session = SyncEngine.create_session(**params)
        adapter = _BoundedAdapter(timeout)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session

    def process_response(self, response: requests.Response) -> Any:
        """As the library, which takes 202 for an error and any 422 for a list of errors."""
        match response.status_code:
            case requests.codes.accepted:
                return True
            case requests.codes.unprocessable:
                raise ValidationError(_validation_messages(response))
            case _:
                return super().process_response(response)


class _BoundedAdapter(HTTPAdapter):
    def __init__(self, timeout: Timeout) -> None:
        self._timeout = timeout
        super().__init__(
            max_retries=Retry(
                total=1,
                allowed_methods={"GET"},
                status_forcelist=(429, 502, 503, 504),
                backoff_factor=_RETRY_PAUSE_SECONDS,
                respect_retry_after_header=False,
                raise_on_status=False,
                redirect=0,
            )
        )

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        kwargs["timeout"] = self._timeout
        return super().send(request, *args, **kwargs)


def _beginning(answer: requests.Response, size: int) -> bytes:
    """So many bytes of the answer, or fewer; no more is read than a piece above that."""
    content = bytearray()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) >= size:
            break
    return bytes(content[:size])


def _validation_messages(response: requests.Response) -> str:
    try:
        errors = response.json()["errors"]
    except (KeyError, TypeError, ValueError) as error:
        raise JSONDecodeError(response) from error
    return "; ".join(one if isinstance(one, str) else json.dumps(one) for one in errors)


def _part(answer: JsonObject, part: str, call: str) -> Any:
    if part not in answer:
        raise HelpdeskUnavailable(f"{call}: the answer holds no {part}")
    return answer[part]


@contextmanager
def _call(method: str, path: str) -> Iterator[None]:
    with _CALLS.to(operation_of(method, path)), _classified_errors(f"{method} {path}"):
        yield


def _outcome_of(error: Exception) -> Outcome | None:
    match error:
        case HelpdeskUnreachable():
            return Outcome.UNAVAILABLE
        case HelpdeskUnavailable():
            return Outcome.UNKNOWN
        case HelpdeskError():
            return Outcome.REFUSED
    return None


_CALLS = Calls("redmine", _outcome_of)


@contextmanager
def _classified_errors(call: str) -> Iterator[None]:
    try:
        yield
    except (BaseRedmineError, requests.RequestException) as error:
        raise _classified(error, call) from error
    except (KeyError, TypeError, ValueError) as error:
        raise HelpdeskUnavailable(f"{call}: the answer is not Redmine's") from error


def _classified(error: Exception, call: str) -> HelpdeskError:
    match error:
        case ResourceNotFoundError():
            return PageMissing(f"{call}: в Redmine этого нет, или нет права видеть (404)")
        case ValidationError():
            return ValidationRefused(str(error))
        case ConflictError():
            return StaleIssue(f"{call}: changed meanwhile (409)")
        case AuthError():
            return NotAuthenticated(f"{call}: Redmine не принял ключ API (401)")
        case ForbiddenError():
            return HelpdeskRefused(f"{call}: у учётной записи робота нет права на это (403)")
        case RequestEntityTooLargeError():
            return TooLarge(f"{call}: запрос слишком велик для сервера Redmine (413)")
        case requests.TooManyRedirects():
            return HelpdeskRefused(
                f"{call}: адрес Redmine перенаправляет на другой; укажите конечный адрес"
            )
        case ServerError():
            return HelpdeskUnavailable(f"{call}: internal error (500)")
        case UnknownError() if not _is_temporary(error.status_code):
            return HelpdeskRefused(f"{call}: Redmine отклонил запрос (код {error.status_code})")
        case requests.RequestException() if never_sent(error):
            return HelpdeskUnreachable(f"{call}: {type(error).__name__}")
        case _:
            return HelpdeskUnavailable(f"{call}: {type(error).__name__}{_status(error)}")


def _is_temporary(status: int) -> bool:
    return status in _TRY_LATER or status >= requests.codes.server_error


def _status(error: Exception) -> str:
    return f" ({error.status_code})" if isinstance(error, UnknownError) else ""
