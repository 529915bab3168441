"""One VK: its communities, people, walls and dialogs, and who is told of what happens there."""

import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sandbox.clock import Clock
from sandbox.vk.dialogs import Dialogs
from sandbox.vk.discussions import Discussions
from sandbox.vk.files import Files
from sandbox.vk.model import Community, Event, Item, JsonObject, Post, User
from sandbox.vk.seed import CITIZENS, COMMUNITIES, SeedCommunity
from sandbox.vk.tokens import RateLimit, Token, Tokens
from sandbox.vk.wall import Wall

Subscriber = Callable[[Event], None]


@dataclass
class _State:
    communities: dict[int, Community]
    users: dict[int, User]
    tokens: Tokens
    rate_limit: RateLimit
    wall: Wall
    dialogs: Dialogs
    discussions: Discussions
    files: Files


class VkWorld:
    """The state of the sandbox's VK. Whoever reads or changes it holds `lock` meanwhile."""

    def __init__(self, clock: Clock, guid_window: timedelta, first_id: int = 1) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 0
        """Rises with everything that a page would show."""
        self._guid_window = guid_window
        self._first_id = first_id
        self._subscribers: list[Subscriber] = []
        self._state = self._seeded()

    @property
    def communities(self) -> dict[int, Community]:
        """Communities by id."""
        return self._state.communities

    @property
    def users(self) -> dict[int, User]:
        """People by id."""
        return self._state.users

    @property
    def tokens(self) -> Tokens:
        """The valid tokens."""
        return self._state.tokens

    @property
    def rate_limit(self) -> RateLimit:
        """The calls of the last second, by token."""
        return self._state.rate_limit

    @property
    def wall(self) -> Wall:
        """All walls."""
        return self._state.wall

    @property
    def dialogs(self) -> Dialogs:
        """All private dialogs."""
        return self._state.dialogs

    @property
    def discussions(self) -> Discussions:
        """What is commented on besides posts."""
        return self._state.discussions

    @property
    def files(self) -> Files:
        """All uploaded files."""
        return self._state.files

    def subscribe(self, subscriber: Subscriber) -> None:
        """Let `subscriber` hear every event, with `lock` held."""
        self._subscribers.append(subscriber)

    def touch(self) -> None:
        """Let open pages know that there is something new to show."""
        self.version += 1

    def reset(self) -> None:
        """Back to the world as it starts."""
        with self.lock:
            self._state = self._seeded()
            self.touch()

    def author_name(self, from_id: int) -> str:
        """The name of a person (positive id) or a community (negative id)."""
        if from_id < 0:
            return self.communities[-from_id].name
        return self.users[from_id].name

    def _publish(self, event_type: str, owner_id: int, payload: JsonObject) -> None:
        event = Event(event_type, -owner_id, payload, secrets.token_hex(20))
        self.touch()
        for subscriber in self._subscribers:
            subscriber(event)

    def _seeded(self) -> _State:
        people = [*CITIZENS, *(seed.admin for seed in COMMUNITIES)]
        wall = Wall(self.clock, self._publish, self._guid_window, self._first_id)
        for seed in COMMUNITIES:
            self._place_posts(seed, wall)
        return _State(
            communities={seed.id: seed.community for seed in COMMUNITIES},
            users={person.id: person for person in people},
            tokens=Tokens(_all_tokens(COMMUNITIES)),
            rate_limit=RateLimit(),
            wall=wall,
            dialogs=Dialogs(self.clock, self._publish, self._first_id),
            discussions=Discussions(self.clock, self._publish, _all_items(COMMUNITIES)),
            files=Files(self.clock),
        )

    def _place_posts(self, seed: SeedCommunity, wall: Wall) -> None:
        for post in seed.posts:
            date = self.clock() - post.age
            wall.place_post(Post(seed.owner_id, 0, seed.owner_id, date, post.text))


def _all_items(seeds: Iterable[SeedCommunity]) -> list[Item]:
    return [item for seed in seeds for item in seed.items()]


def _all_tokens(seeds: Iterable[SeedCommunity]) -> list[Token]:
    return [token for seed in seeds for token in seed.tokens()]
