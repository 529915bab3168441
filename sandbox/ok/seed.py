"""The world as it starts: fixed ids and obviously fake keys, for demonstrations and tests."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.ok.model import Group, User

APPLICATION_KEY = "SANDBOXAPPLICATIONKEY"
APPLICATION_SECRET = "sandbox-application-secret"
APPLICATION_ID = "512000000001"
REFRESH_TOKEN = "sandbox-refresh-token"


@dataclass(frozen=True)
class SeedTopic:
    """A topic of the group that is `age` old when the world starts."""

    text: str
    age: timedelta


@dataclass(frozen=True)
class SeedGroup:
    """A group with all that its administrator knows of it."""

    group: Group
    admin: User
    bot_token: str
    access_token: str
    topics: tuple[SeedTopic, ...]

    @property
    def id(self) -> int:
        """The group's number."""
        return self.group.id


ADMINISTRATION = SeedGroup(
    group=Group(53001001, "Администрация города Перми", admin_id=580091),
    admin=User(580091, "Дежурный", "Редактор"),
    bot_token="sandbox-bot-token-administration",
    access_token="sandbox-access-token-administration",
    topics=(
        SeedTopic(
            "Во дворах начали чистить снег. Если к вам ещё не приезжали, напишите адрес в "
            "комментариях.",
            timedelta(days=1, hours=4),
        ),
        SeedTopic(
            "Отопление включено во всех домах. Где батареи остались холодными? Пишите улицу, дом "
            "и квартиру.",
            timedelta(hours=5),
        ),
    ),
)

HEAD = SeedGroup(
    group=Group(53001002, "Глава города Перми", admin_id=580092),
    admin=User(580092, "Помощник", "Главы"),
    bot_token="sandbox-bot-token-head",
    access_token="sandbox-access-token-head",
    topics=(
        SeedTopic(
            "Каких спортивных площадок не хватает рядом с вашим домом?", timedelta(days=2, hours=1)
        ),
    ),
)

GROUPS = (ADMINISTRATION, HEAD)

CITIZENS = (
    User(580501, "Валентина", "Кузнецова"),
    User(580502, "Рустам", "Галиев"),
    User(580503, "Нина", "Собянина"),
    User(580504, "Пётр", "Лядов"),
)
"""People who write to the groups. None of them has written a private message yet."""

FIRST_TOPIC_ID = 62503929660001
