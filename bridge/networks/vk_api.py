"""VK's API over HTTP: one call, one answer, and failures told apart by what they leave unknown."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Self

import requests
from pydantic import SecretStr
from requests.auth import AuthBase

from bridge.calls import Calls, Outcome
from bridge.http_environment import settle_environment
from bridge.http_failures import failure_kind, never_sent
from bridge.networks.rate_limit import Allowance, Pace, Unhurried
from bridge.networks.vk_settings import VkSettings

Timeout = tuple[float, float]
"""Seconds to connect, seconds to wait for each part of the answer."""

DEFAULT_TIMEOUT: Timeout = (3.05, 10.0)

COMMUNITY_RATE: Final = 20
PERSON_RATE: Final = 3
"""Calls a second that VK allows a token: https://dev.vk.com/ru/api/api-requests"""

UNHURRIED: Final = Unhurried()


class VkFailure(Exception):
    """Base of what a call can raise. Texts carry neither tokens nor parameters."""


class VkError(VkFailure):
    """VK answered with an error, so it did not do what was asked.

    https://dev.vk.com/ru/reference/errors
    """

    def __init__(self, method: str, code: int, subcode: int | None, message: str) -> None:
        super().__init__(f"{method}: error {code}: {message}")
        self.method = method
        self.code = code
        self.subcode = subcode
        self.message = message


class VkNotReached(VkFailure):
    """The call surely did not reach VK: no name, no connection, a refusal on the way."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: not reached: {code}")
        self.code = code


class VkNoAnswer(VkFailure):
    """The call was sent and nothing readable came back: VK may or may not have done it."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: no answer: {code}")
        self.code = code


def _outcome_of(error: Exception) -> Outcome | None:
    match error:
        case VkError():
            return Outcome.REFUSED
        case VkNotReached():
            return Outcome.UNAVAILABLE
        case VkNoAnswer():
            return Outcome.UNKNOWN
    return None


VK_CALLS: Final = Calls("vk", _outcome_of)
"""Also for uploads, which go to addresses that VK names."""


class BearerToken(AuthBase):
    """Sends the token as a header: never part of an address, an exception's text or a log."""

    def __init__(self, token: SecretStr) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the header on the request."""
        request.headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        return request


class VkClient:
    """Calls methods with one token. Keep one per worker: connections are reused.

    https://dev.vk.com/ru/api/api-requests
    """

    def __init__(
        self,
        api_url: str,
        token: SecretStr,
        version: str,
        timeout: Timeout = DEFAULT_TIMEOUT,
        session: requests.Session | None = None,
        hold: Callable[[], None] = lambda: None,
    ) -> None:
        """`hold` returns when the token allows one more call."""
        self._api_url = api_url.rstrip("/")
        self._auth = BearerToken(token)
        self._version = version
        self._timeout = timeout
        self._hold = hold
        self._session = session or requests.Session()
        settle_environment(self._session, self._api_url)

    @classmethod
    def of_community(
        cls, vk: VkSettings, timeout: Timeout = DEFAULT_TIMEOUT, pace: Pace = UNHURRIED
    ) -> Self:
        """A client with the community's token. Raises `SecretMissing`."""
        return cls._of(vk, vk.token.read("vk.token"), COMMUNITY_RATE, timeout, pace)

    @classmethod
    def of_reader(
        cls, vk: VkSettings, timeout: Timeout = DEFAULT_TIMEOUT, pace: Pace = UNHURRIED
    ) -> Self | None:
        """A client with the token that may read comments, if there is one.

        Raises `SecretMissing`.
        """
        if vk.read_token is None:
            return None
        return cls._of(vk, vk.read_token.read("vk.read_token"), PERSON_RATE, timeout, pace)

    @classmethod
    def of_user(
        cls, vk: VkSettings, timeout: Timeout = DEFAULT_TIMEOUT, pace: Pace = UNHURRIED
    ) -> Self | None:
        """A client with the token of a person who administers the community, if there is one.

        Raises `SecretMissing`.
        """
        if vk.user_token is None:
            return None
        return cls._of(vk, vk.user_token.read("vk.user_token"), PERSON_RATE, timeout, pace)

    @classmethod
    def _of(
        cls, vk: VkSettings, token: SecretStr, per_second: int, timeout: Timeout, pace: Pace
    ) -> Self:
        hold = partial(pace.wait, Allowance(token, per_second))
        return cls(vk.api_url, token, vk.api_version, timeout, hold=hold)

    def call(self, method: str, **parameters: str | int) -> Any:
        """Call a method and return its `response`.

        Raises `VkError` (answered with an error), `VkNotReached` (surely not done) or `VkNoAnswer`
        (unknown whether done).
        """
        self._hold()
        with VK_CALLS.to(method):
            return _response_of(method, self._post(method, parameters))

    def _post(self, method: str, parameters: Mapping[str, str | int]) -> requests.Response:
        try:
            return self._session.post(
                f"{self._api_url}/{method}",
                data={**parameters, "v": self._version},
                auth=self._auth,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # `from None`: the library's exception holds the request, and that holds the token.
            raise _network_failure(method, error) from None


def _network_failure(method: str, error: requests.RequestException) -> VkNotReached | VkNoAnswer:
    if never_sent(error):
        return VkNotReached(method, failure_kind(error))
    return VkNoAnswer(method, failure_kind(error))


def _response_of(method: str, answer: requests.Response) -> Any:
    envelope = _envelope_of(answer)
    if "error" in envelope:
        raise _error_of(method, envelope["error"])
    if answer.ok and "response" in envelope:
        return envelope["response"]
    if 300 <= answer.status_code < 500:
        raise VkNotReached(method, f"http {answer.status_code}")
    if answer.status_code >= 500:
        raise VkNoAnswer(method, f"http {answer.status_code}")
    raise VkNoAnswer(method, "unreadable answer")


def _envelope_of(answer: requests.Response) -> Mapping[str, Any]:
    try:
        envelope = answer.json()
    except (ValueError, RecursionError):
        return {}
    return envelope if isinstance(envelope, dict) else {}


def _error_of(method: str, error: Any) -> VkFailure:
    fields = error if isinstance(error, dict) else {}
    code, subcode = fields.get("error_code"), fields.get("error_subcode")
    if not isinstance(code, int):
        return VkNoAnswer(method, "unreadable answer")
    message = str(fields.get("error_msg", ""))[:300]
    return VkError(method, code, subcode if isinstance(subcode, int) else None, message)
