"""A system's HTTP interface: one request, one answer, and failures told apart."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from pydantic import SecretStr
from requests.auth import AuthBase

from bridge.calls import Calls, Outcome
from bridge.http_environment import settle_environment
from bridge.http_failures import never_sent
from bridge.secrets import SecretReference
from bridge.strict_json import strict_json

Timeout = tuple[float, float]
"""Seconds to connect, seconds to wait for each part of the answer."""

DEFAULT_TIMEOUT: Final[Timeout] = (3.05, 10.0)
LONGEST_EXCHANGE: Final = 25.0
"""Seconds for the whole answer: a server that sends it byte by byte must not hold a worker."""
LARGEST_ANSWER: Final = 10 * 1024 * 1024
_CHUNK: Final = 64 * 1024


class ExchangeFailure(Exception):
    """Base of what a request can raise. Texts carry neither tokens nor contents."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ExchangeNotReached(ExchangeFailure):
    """The request surely did not reach the system."""


class ExchangeNoAnswer(ExchangeFailure):
    """The request was sent and no whole answer came: the system may or may not have done it."""


@dataclass(frozen=True)
class ExchangeAnswer:
    """An answer. `contents` is its JSON, None when there is none or it is not readable."""

    status: int
    contents: Any
    is_empty: bool

    @property
    def is_success(self) -> bool:
        """Whether the status says that the request was carried out."""
        return 200 <= self.status < 300


class _BearerToken(AuthBase):
    """Sends the token as a header: never part of an address, an exception's text or a log."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        return request


class _NoToken(AuthBase):
    """Without it requests would look for a login in a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _outcome_of(error: Exception) -> Outcome | None:
    match error:
        case ExchangeNotReached():
            return Outcome.UNAVAILABLE
        case ExchangeNoAnswer():
            return Outcome.UNKNOWN
    return None


def _outcome_of_status(status: int) -> Outcome:
    if status >= requests.codes.server_error:
        return Outcome.UNKNOWN
    return Outcome.OK if 200 <= status < 300 else Outcome.REFUSED


class ExchangeClient:
    """Speaks to one system with one token. Keep one per worker: connections are reused."""

    def __init__(
        self,
        url: str,
        token: SecretStr | None,
        timeout: Timeout = DEFAULT_TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
        service: str = "exchange",
    ) -> None:
        """`service`: the system's network, by which its calls are counted."""
        self._auth = _BearerToken(token) if token else _NoToken()
        self._timeout = timeout
        self._monotonic = monotonic
        self._calls = Calls(service, _outcome_of)
        self._session = requests.Session()
        settle_environment(self._session, url)

    @classmethod
    def with_secret(
        cls, url: str, token: SecretReference | None, setting: str, service: str = "exchange"
    ) -> "ExchangeClient":
        """A client with the token that `setting` refers to. Raises `SecretMissing`."""
        return cls(url, token.read(setting) if token else None, service=service)

    def get(self, url: str, parameters: Mapping[str, str | int] | None = None) -> ExchangeAnswer:
        """Read. Raises `ExchangeFailure`."""
        return self._request("GET", url, params=dict(parameters or {}))

    def post(self, url: str, contents: Any, headers: Mapping[str, str]) -> ExchangeAnswer:
        """Write. Raises `ExchangeFailure`, which says whether it may have been done."""
        body = json.dumps(contents, ensure_ascii=False).encode("utf-8", "replace")
        sent = {"Content-Type": "application/json; charset=utf-8", **headers}
        return self._request("POST", url, data=body, headers=sent)

    def _request(self, verb: str, url: str, **arguments: Any) -> ExchangeAnswer:
        with self._calls.to(verb.lower()) as call:
            answer = self._answered(verb, url, **arguments)
            call.outcome = _outcome_of_status(answer.status)
            return answer

    def _answered(self, verb: str, url: str, **arguments: Any) -> ExchangeAnswer:
        deadline = self._monotonic() + LONGEST_EXCHANGE
        try:
            with self._session.request(
                verb,
                url,
                auth=self._auth,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                **arguments,
            ) as answer:
                return _answer(answer.status_code, self._body(answer, deadline))
        except requests.RequestException as error:
            # `from None`: the library's exception holds the request, and that holds the token.
            raise _failure(error) from None

    def _body(self, answer: requests.Response, deadline: float) -> bytes:
        body = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise ExchangeNoAnswer("too large")
            if self._monotonic() > deadline:
                raise ExchangeNoAnswer("timeout")
        return bytes(body)


def _answer(status: int, body: bytes) -> ExchangeAnswer:
    try:
        contents = strict_json(body.decode("utf-8-sig"))
    except ValueError:
        contents = None
    return ExchangeAnswer(status, contents, is_empty=not body.strip())


def _failure(error: requests.RequestException) -> ExchangeFailure:
    return ExchangeNotReached(_kind(error)) if never_sent(error) else ExchangeNoAnswer(_kind(error))


def _kind(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.Timeout):
        return "timeout"
    return "tls" if isinstance(error, requests.exceptions.SSLError) else "connection"
