"""One OK: its groups, people, topics and chats, and who is told of what happens there."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.ok.chats import Chats
from sandbox.ok.discussions import Discussions
from sandbox.ok.model import ChatEvent, Group, JsonObject, Topic, User
from sandbox.ok.seed import CITIZENS, FIRST_TOPIC_ID, GROUPS

Subscriber = Callable[[ChatEvent], None]


@dataclass
class Sessions:
    """Which keys are good, and whose they are."""

    bots: dict[str, int]
    """Group by its bot's token."""
    sessions: dict[str, int]
    """User by access token."""
    expired: set[str] = field(default_factory=set)

    def renew(self, user_id: int) -> str:
        """A new access token for the user."""
        token = f"sandbox-renewed-{secrets.token_hex(8)}"
        self.sessions[token] = user_id
        return token


@dataclass
class _State:
    groups: dict[int, Group]
    users: dict[int, User]
    sessions: Sessions
    discussions: Discussions
    chats: Chats
    closed_methods: set[str] = field(default_factory=set)
    uploads: dict[str, JsonObject] = field(default_factory=dict)


class OkWorld:
    """The state of the sandbox's OK. Whoever reads or changes it holds `lock` meanwhile."""

    def __init__(self, clock: Clock, first_topic_id: int = FIRST_TOPIC_ID) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 0
        """Rises with everything that a page would show."""
        self._first_topic_id = first_topic_id
        self._subscribers: list[Subscriber] = []
        self._state = self._seeded()

    @property
    def groups(self) -> dict[int, Group]:
        """Groups by id."""
        return self._state.groups

    @property
    def users(self) -> dict[int, User]:
        """People by id."""
        return self._state.users

    @property
    def sessions(self) -> Sessions:
        """The keys that are good."""
        return self._state.sessions

    @property
    def discussions(self) -> Discussions:
        """All topics and comments."""
        return self._state.discussions

    @property
    def chats(self) -> Chats:
        """All chats."""
        return self._state.chats

    @property
    def closed_methods(self) -> set[str]:
        """REST methods that OK has closed."""
        return self._state.closed_methods

    @property
    def uploads(self) -> dict[str, JsonObject]:
        """Uploaded files by token: name, type and size."""
        return self._state.uploads

    def subscribe(self, subscriber: Subscriber) -> None:
        """Let `subscriber` hear every chat event, with `lock` held."""
        self._subscribers.append(subscriber)

    def touch(self) -> None:
        """Let open pages know that there is something new to show."""
        self.version += 1

    def reset(self) -> None:
        """Back to the world as it starts."""
        with self.lock:
            self._state = self._seeded()
            self.touch()

    def name_of(self, author_id: int) -> str:
        """The name of a person or a group."""
        if author_id in self.groups:
            return self.groups[author_id].name
        return self.users[author_id].name

    def citizens(self) -> list[User]:
        """People who administer no group."""
        admins = {group.admin_id for group in self.groups.values()}
        return [user for user in self.users.values() if user.id not in admins]

    def _publish(self, event: ChatEvent) -> None:
        self.touch()
        for subscriber in self._subscribers:
            subscriber(event)

    def _seeded(self) -> _State:
        people = [*CITIZENS, *(seed.admin for seed in GROUPS)]
        discussions = Discussions(self.clock, self.touch, self._first_topic_id)
        for seed in GROUPS:
            for topic in seed.topics:
                date = self.clock() - topic.age
                discussions.add_topic(Topic(0, seed.id, date, topic.text))
        return _State(
            groups={seed.id: seed.group for seed in GROUPS},
            users={person.id: person for person in people},
            sessions=Sessions(
                bots={seed.bot_token: seed.id for seed in GROUPS},
                sessions={seed.access_token: seed.admin.id for seed in GROUPS},
            ),
            discussions=discussions,
            chats=Chats(self.clock, self._publish),
        )
