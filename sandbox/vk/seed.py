"""The world as it starts: fixed ids and obviously fake tokens, for demonstrations and tests."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.vk.model import Community, Item, ItemKind, User
from sandbox.vk.tokens import Token, TokenType

_ITEM_TITLES = {
    ItemKind.PHOTO: "Ледовый городок на эспланаде",
    ItemKind.VIDEO: "Как убирают снег ночью",
    ItemKind.MARKET: "Экскурсия «Пермь вечерняя»",
    ItemKind.TOPIC: "Каким быть скверу у театра",
}


@dataclass(frozen=True)
class SeedPost:
    """A post of the community that is `age` old when the world starts."""

    text: str
    age: timedelta


@dataclass(frozen=True)
class SeedCommunity:
    """A community with all that its administrator knows of it.

    Its posts get the ids 1, 2, 3 … (from `VkSettings.first_id` on) in the order given; comments
    follow with the next ids.
    """

    community: Community
    admin: User
    community_token: str
    admin_token: str
    service_token: str
    confirmation_code: str
    posts: tuple[SeedPost, ...]

    @property
    def id(self) -> int:
        """The community's id, positive."""
        return self.community.id

    @property
    def owner_id(self) -> int:
        """The owner of the community's wall, negative."""
        return self.community.owner_id

    def items(self) -> tuple[Item, ...]:
        """One of each kind of what people comment on besides posts, with the id 1."""
        return tuple(Item(kind, self.owner_id, 1, title) for kind, title in _ITEM_TITLES.items())

    def tokens(self) -> tuple[Token, ...]:
        """The community's tokens with what each is."""
        return (
            Token(self.community_token, TokenType.COMMUNITY, self.id),
            Token(self.admin_token, TokenType.USER, self.admin.id),
            Token(self.service_token, TokenType.SERVICE, 0),
        )


ADMINISTRATION = SeedCommunity(
    community=Community(1001, "Администрация города Перми", "sandbox_gorod_perm", admin_id=91),
    admin=User(91, "Дежурный", "Редактор"),
    community_token="sandbox-community-token-administration",
    admin_token="sandbox-admin-token-administration",
    service_token="sandbox-service-token-administration",
    confirmation_code="a1b2c3d4",
    posts=(
        SeedPost(
            "С 1 декабря автобусы № 15 и № 68 пойдут чаще: в часы пик — каждые 8 минут. "
            "Новые расписания уже висят на остановках. Что ещё поправить на этих маршрутах? "
            "Пишите в комментариях.",
            timedelta(days=3, hours=2),
        ),
        SeedPost(
            "За выходные в городе выпало 14 сантиметров снега. На улицах работают 212 единиц "
            "техники, в первую очередь чистим магистрали, подъёмы и тротуары у школ и больниц. "
            "Если у вас во дворе или на остановке не убрано, напишите адрес под этой записью.",
            timedelta(days=1, hours=4),
        ),
        SeedPost(
            "Отопление включено во всех домах, школах и детских садах. Если батареи остались "
            "холодными, сообщите адрес и номер квартиры: передадим вашей управляющей компании "
            "и проследим за ответом.",
            timedelta(hours=5),
        ),
    ),
)

HEAD = SeedCommunity(
    community=Community(1002, "Глава города Перми", "sandbox_glava_perm", admin_id=92),
    admin=User(92, "Помощник", "Главы"),
    community_token="sandbox-community-token-head",
    admin_token="sandbox-admin-token-head",
    service_token="sandbox-service-token-head",
    confirmation_code="e5f6a7b8",
    posts=(
        SeedPost(
            "Сегодня посмотрел, как идёт ремонт школы в Кировском районе: кровля готова, "
            "внутри кладут пол в спортивном зале. Подрядчик обещает закончить к февралю, "
            "проверю ещё раз через две недели.",
            timedelta(days=2, hours=6),
        ),
        SeedPost(
            "В Черняевском лесу подготовили лыжную трассу, вечером она освещена. Приходите "
            "кататься всей семьёй. Каких спортивных площадок не хватает рядом с вашим домом?",
            timedelta(hours=20),
        ),
    ),
)

COMMUNITIES = (ADMINISTRATION, HEAD)

CITIZENS = (
    User(501, "Анна", "Мальцева"),
    User(502, "Игорь", "Пономарёв"),
    User(503, "Фарида", "Галимова"),
    User(504, "Сергей", "Чудинов"),
    User(505, "Ольга", "Вяткина"),
    User(506, "Тимур", "Ахметов"),
)
"""People who write to the communities. None of them has written a private message yet."""
