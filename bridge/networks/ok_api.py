"""OK's two APIs over HTTP, and failures told apart by what they leave unknown.

Graph (the group's bot): https://apiok.ru/en/dev/graph_api/bot_api. REST: https://apiok.ru/en/dev/methods/
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import quote

import requests
from pydantic import SecretStr
from requests.auth import AuthBase

from bridge.calls import Calls, Outcome
from bridge.http_environment import settle_environment
from bridge.http_failures import failure_kind, never_sent
from bridge.messages import Picture
from bridge.networks.ok_session import OkKeys, OkSession
from bridge.networks.ok_settings import OkRest, OkSettings
from bridge.secrets import remember_secret

Timeout = tuple[float, float]
"""Seconds to connect, seconds to wait for each part of the answer."""

DEFAULT_TIMEOUT: Timeout = (3.05, 10.0)
SESSION_EXPIRED = 102
UNREADABLE = "unreadable answer"
"""The code of an answer that is not what it should be."""

_RENEWAL_REFUSED = frozenset({"http 400", "http 401", "http 403"})

_ERROR_NAME = re.compile(r"[\w.]{1,80}", re.ASCII)
_NOTHING = object()


class OkFailure(Exception):
    """Base of what a call can raise. Texts carry neither tokens nor parameters.

    `code` is OK's own, a number; a word where OK told none.
    """

    code: int | str


class OkError(OkFailure):
    """OK answered with an error. `name` is the beginning of its message: `PARAM_SESSION_EXPIRED`.

    https://apiok.ru/en/dev/errors
    """

    code: int

    def __init__(self, operation: str, code: int, name: str = "") -> None:
        super().__init__(f"{operation}: error {code} {name}".rstrip())
        self.code = code
        self.name = name


class OkNotReached(OkFailure):
    """The call surely did not reach OK: no name, no connection, a refusal on the way."""

    code: str

    def __init__(self, operation: str, code: str) -> None:
        super().__init__(f"{operation}: not reached: {code}")
        self.code = code


class OkNoAnswer(OkFailure):
    """The call was sent and nothing readable came back: OK may or may not have done it."""

    code: str

    def __init__(self, operation: str, code: str) -> None:
        super().__init__(f"{operation}: no answer: {code}")
        self.code = code


class _WithoutTokens(logging.Filter):
    """OK takes the Graph token only as a part of the address, which urllib3 would log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "access_token=" not in record.getMessage()


_WITHOUT_TOKENS = _WithoutTokens()


class _TokenInAddress(AuthBase):
    """Puts the token where OK wants it, at the last moment: no text of ours ever holds it."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the parameter to the request's address."""
        joint = "&" if "?" in (request.url or "") else "?"
        token = quote(self._token.get_secret_value(), safe="")
        request.url = f"{request.url}{joint}access_token={token}"
        return request


class OkGraph:
    """Calls of the group's bot. Keep one per worker: connections are reused."""

    def __init__(
        self, graph_url: str, token: SecretStr, timeout: Timeout = DEFAULT_TIMEOUT
    ) -> None:
        self._url = graph_url.rstrip("/")
        self._auth = _TokenInAddress(token)
        self._timeout = timeout
        self._session = requests.Session()
        settle_environment(self._session, self._url)
        logging.getLogger("urllib3.connectionpool").addFilter(_WITHOUT_TOKENS)

    @classmethod
    def of_group(cls, ok: OkSettings, timeout: Timeout = DEFAULT_TIMEOUT) -> Self:
        """A client with the group's token. Raises `SecretMissing`."""
        return cls(ok.graph_url, ok.token.read("ok.token"), timeout)

    def get(self, path: str, **parameters: str | int) -> Any:
        """Read `path` below the Graph's address. Raises `OkFailure`."""
        return _exchange(
            f"GET {path}",
            lambda: self._session.get(
                self._address(path),
                params=parameters,
                auth=self._auth,
                timeout=self._timeout,
                allow_redirects=False,
            ),
        )

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send `body` to `path` below the Graph's address. Raises `OkFailure`."""
        return _exchange(
            f"POST {path}",
            lambda: self._session.post(
                self._address(path),
                data=json.dumps(body).encode("ascii"),
                headers={"Content-Type": "application/json;charset=utf-8"},
                auth=self._auth,
                timeout=self._timeout,
                allow_redirects=False,
            ),
        )

    def upload(self, url: str, picture: Picture) -> Any:
        """Send a picture to the address that `me/fileUploadUrl` gave. Raises `OkFailure`."""
        return _exchange(
            "upload",
            lambda: self._session.post(
                url,
                files={"file": (picture.name, picture.content, picture.content_type)},
                timeout=self._timeout,
                allow_redirects=False,
            ),
        )

    def _address(self, path: str) -> str:
        return f"{self._url}/{quote(path, safe='/:')}"


class OkRestClient:
    """Calls methods of the REST API in one session. Keep one per worker."""

    def __init__(
        self, rest_url: str, session: OkSession, timeout: Timeout = DEFAULT_TIMEOUT
    ) -> None:
        self._url = rest_url
        self._ok_session = session
        self._timeout = timeout
        self._session = requests.Session()
        settle_environment(self._session, self._url)

    @classmethod
    def of_group(cls, ok: OkSettings, timeout: Timeout = DEFAULT_TIMEOUT) -> Self | None:
        """A client in the session of the group's administrator, if there is one.

        Raises `SecretMissing`.
        """
        if ok.rest is None:
            return None
        renew = _renewal(ok.oauth_url, ok.rest, timeout)
        return cls(ok.rest_url, OkSession(OkKeys.of_settings(ok.rest), renew), timeout)

    def call(self, method: str, **parameters: str | int) -> Any:
        """Call a method and return its answer; an expired session is renewed once, if it can be.

        Raises `OkError` (answered with an error), `OkNotReached` (surely not done) or `OkNoAnswer`
        (unknown whether done).
        """
        try:
            return self._call(method, parameters)
        except OkError as error:
            if error.code != SESSION_EXPIRED or not self._ok_session.is_renewable:
                raise
        self._renew(method)
        return self._call(method, parameters)

    def _renew(self, method: str) -> None:
        """Whatever comes of it: what was asked for is not done, for the session had expired."""
        try:
            self._ok_session.renew()
        except (OkNoAnswer, OkNotReached) as failure:
            if failure.code in _RENEWAL_REFUSED:
                raise OkError(method, SESSION_EXPIRED, "not renewed") from None
            raise OkNotReached(method, failure.code) from None

    def _call(self, method: str, parameters: Mapping[str, str | int]) -> Any:
        named = {"method": method, **{name: str(value) for name, value in parameters.items()}}
        return _exchange(
            method,
            lambda: self._session.post(
                self._url,
                data=self._ok_session.sign(named),
                timeout=self._timeout,
                allow_redirects=False,
            ),
        )


def _renewal(oauth_url: str, rest: OkRest, timeout: Timeout) -> Callable[[], SecretStr] | None:
    """What fetches a new token: https://apiok.ru/en/ext/oauth/server. Raises `SecretMissing`."""
    if rest.refresh is None or rest.application_secret is None:
        return None
    form = {
        "grant_type": SecretStr("refresh_token"),
        "client_id": SecretStr(rest.refresh.application_id),
        "client_secret": rest.application_secret.read("ok.rest.application_secret"),
        "refresh_token": rest.refresh.token.read("ok.rest.refresh.token"),
    }

    def renew() -> SecretStr:
        answer = _exchange(
            "oauth/token",
            lambda: requests.post(
                oauth_url,
                data={name: value.get_secret_value() for name, value in form.items()},
                timeout=timeout,
                allow_redirects=False,
            ),
        )
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise OkError("oauth/token", SESSION_EXPIRED, "not renewed")
        return remember_secret(SecretStr(token))

    return renew


def _outcome_of(error: Exception) -> Outcome | None:
    match error:
        case OkError():
            return Outcome.REFUSED
        case OkNotReached():
            return Outcome.UNAVAILABLE
        case OkNoAnswer():
            return Outcome.UNKNOWN
    return None


_CALLS = Calls("ok", _outcome_of)
_WHOSE = re.compile(r":.*")
"""What follows names a chat: `me/messages/chat:C123`."""


def _exchange(operation: str, send: Callable[[], requests.Response]) -> Any:
    with _CALLS.to(_WHOSE.sub("", operation)):
        return _contents_of(operation, _sent(operation, send))


def _sent(operation: str, send: Callable[[], requests.Response]) -> requests.Response:
    try:
        return send()
    except requests.RequestException as error:
        # `from None`: the library's exception holds the request, and that holds the token.
        kind = OkNotReached if never_sent(error) else OkNoAnswer
        raise kind(operation, failure_kind(error)) from None


def _contents_of(operation: str, answer: requests.Response) -> Any:
    """The answer's JSON. OK tells errors under any status, in the body, a header, or both."""
    contents = _json_of(answer)
    error = contents if isinstance(contents, dict) and "error_code" in contents else {}
    code = error.get("error_code", answer.headers.get("invocation-error"))
    if code is not None:
        raise _error_of(operation, code, error.get("error_msg"))
    if answer.ok and contents is not _NOTHING:
        return contents
    if 300 <= answer.status_code < 500:
        raise OkNotReached(operation, f"http {answer.status_code}")
    if answer.status_code >= 500:
        raise OkNoAnswer(operation, f"http {answer.status_code}")
    raise OkNoAnswer(operation, UNREADABLE)


def _json_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return _NOTHING


def _error_of(operation: str, code: Any, message: Any) -> OkFailure:
    """Of the message only its first word: the rest may repeat what was sent."""
    if isinstance(code, bool) or not re.fullmatch(r"\d{1,9}", str(code)):
        return OkNoAnswer(operation, UNREADABLE)
    name = _ERROR_NAME.match(message) if isinstance(message, str) else None
    return OkError(operation, int(code), name[0] if name else "")
