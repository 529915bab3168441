"""Probes of a VK channel for `bridge check`: the keys, their rights, the way events come by."""

from collections.abc import Callable, Mapping
from typing import Any

from bridge.channels import ChannelSettings
from bridge.findings import Finding, State
from bridge.networks.vk_api import VkClient, VkError, VkFailure
from bridge.networks.vk_settings import CommentPictures, Transport, VkSettings
from bridge.secrets import SecretMissing

_COMMENTED = ("wall_reply", "photo_comment", "video_comment", "market_comment", "board_post")
NEEDED_EVENTS = (
    "message_new",
    "wall_post_new",
    *(f"{kind}_{verb}" for kind in _COMMENTED for verb in ("new", "edit", "delete", "restore")),
)
NEEDED_RIGHTS = {
    "manage": "управление сообществом",
    "messages": "сообщения",
    "wall": "стена",
    "photos": "фотографии",
}
_DOCUMENTS = {"docs": "документы"}

_CALLBACK_PAGE = "Управление → Работа с API → Callback API"
_LONG_POLL_PAGE = "Управление → Работа с API → Long Poll API"
_KEYS_PAGE = "Управление → Работа с API → Ключи доступа"
_WRONG_TOKEN_TYPE = 27
_NO_READER = (
    "Ключа нет: если связь оборвётся при размещении, робот не сможет узнать, виден ли ответ, и "
    "передаст его для размещения вручную."
)


def check(channel: ChannelSettings, callback_url: str) -> list[Finding]:
    """Probe the channel; `callback_url` is where its callbacks must go.

    Every trouble becomes a finding; nothing is raised and nothing is changed in VK.
    """
    vk = channel.vk_section
    try:
        community = VkClient.of_community(vk)
        if vk.transport is Transport.CALLBACK:
            vk.callback_section.secret.read("vk.callback.secret")
    except SecretMissing as error:
        return [_secret_missing(channel.key, error)]
    token = _check_token(channel.key, community, vk)
    if token.state is State.FAIL:
        return [token]
    return [
        token,
        _check_rights(channel.key, community, vk),
        *_check_transport(channel.key, community, vk, callback_url),
        *_check_read_token(channel.key, vk),
        *_check_user_token(channel.key, vk),
    ]


def _check_transport(
    key: str, community: VkClient, vk: VkSettings, callback_url: str
) -> list[Finding]:
    match vk.transport:
        case Transport.CALLBACK:
            return _check_callback(key, community, vk, callback_url)
        case Transport.LONG_POLL:
            return _check_long_poll(key, community, vk)


def _secret_missing(key: str, error: SecretMissing) -> Finding:
    return Finding(
        f"{key}: ключи",
        State.FAIL,
        f"Нет ключа или секрета: {error}.",
        "Задайте переменную окружения или файл, названные в config/channels.yaml.",
    )


def _check_token(key: str, community: VkClient, vk: VkSettings) -> Finding:
    name = f"{key}: ключ сообщества"
    try:
        answer = community.call("groups.getById", group_id=vk.group_id)
    except VkError as error:
        return Finding(
            name,
            State.FAIL,
            f"ВКонтакте не принял ключ: код {error.code} ({error.message}).",
            f"Выпустите ключ сообщества {vk.group_id}: {_KEYS_PAGE}.",
        )
    except VkFailure as failure:
        return Finding(
            name,
            State.FAIL,
            f"Нет связи с ВКонтакте: {failure}.",
            f"Проверьте, что с этой машины открывается {vk.api_url}.",
        )
    title = _group_title(answer, vk.group_id)
    if not title:
        return Finding(
            name,
            State.FAIL,
            f"ВКонтакте не знает сообщества {vk.group_id}.",
            "Исправьте group_id в config/channels.yaml.",
        )
    return Finding(name, State.OK, f"Ключ действует, сообщество «{title}» ({vk.group_id}).")


def _group_title(answer: Any, group_id: int) -> str:
    groups = answer.get("groups") if isinstance(answer, dict) else answer
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, dict) and group.get("id") == group_id:
            return str(group.get("name", group_id))
    return ""


def _check_rights(key: str, community: VkClient, vk: VkSettings) -> Finding:
    """A warning at most: VK does not document which right `wall.createComment` asks for."""
    name = f"{key}: права ключа"
    try:
        answer = community.call("groups.getTokenPermissions")
    except VkFailure as failure:
        return Finding(
            name,
            State.WARN,
            f"Права ключа узнать не удалось: {failure}.",
            "Проверьте, что ключ выпущен самим сообществом, а не пользователем.",
        )
    permissions = answer.get("permissions", []) if isinstance(answer, dict) else []
    given = {item.get("name") for item in permissions if isinstance(item, dict)}
    documents = vk.pictures_in_comments is CommentPictures.DOCUMENT
    needed = {**NEEDED_RIGHTS, **(_DOCUMENTS if documents else {})}
    missing = [title for right, title in needed.items() if right not in given]
    if missing:
        return Finding(
            name,
            State.WARN,
            f"У ключа нет прав: {', '.join(missing)}.",
            f"Выпустите ключ заново, отметив эти права: {_KEYS_PAGE}.",
        )
    return Finding(name, State.OK, "Все нужные права есть.")


def _check_callback(
    key: str, community: VkClient, vk: VkSettings, callback_url: str
) -> list[Finding]:
    name = f"{key}: сервер Callback API"
    try:
        answer = community.call("groups.getCallbackServers", group_id=vk.group_id)
        server = _server_with(answer, callback_url)
        if server is None:
            return [_no_server(name, answer, callback_url)]
        settings = community.call(
            "groups.getCallbackSettings", group_id=vk.group_id, server_id=server["id"]
        )
    except VkFailure as failure:
        return [
            Finding(
                name,
                State.WARN,
                f"Настройки сервера узнать не удалось: {failure}.",
                "Дайте ключу право «управление сообществом» или проверьте страницу "
                f"{_CALLBACK_PAGE} глазами.",
            )
        ]
    return [
        _server_status(name, server),
        _check_secret(f"{key}: секретный ключ", vk, server),
        _events(f"{key}: события", settings, _CALLBACK_PAGE),
    ]


def _check_long_poll(key: str, community: VkClient, vk: VkSettings) -> list[Finding]:
    name = f"{key}: Long Poll API"
    try:
        settings = community.call("groups.getLongPollSettings", group_id=vk.group_id)
    except VkFailure as failure:
        text = f"Настройки узнать не удалось: {failure}."
        remedy = (
            "Дайте ключу право «управление сообществом» или проверьте страницу "
            f"{_LONG_POLL_PAGE} глазами."
        )
        return [Finding(name, State.WARN, text, remedy)]
    if not (isinstance(settings, dict) and settings.get("is_enabled")):
        text = "Long Poll API выключен: мост не получает ничего."
        return [Finding(name, State.FAIL, text, f"Включите его: {_LONG_POLL_PAGE}.")]
    return [
        Finding(name, State.OK, "Включён."),
        _events(f"{key}: события", settings, _LONG_POLL_PAGE),
    ]


def _server_with(answer: Any, url: str) -> Mapping[str, Any] | None:
    return next((server for server in _servers(answer) if server.get("url") == url), None)


def _servers(answer: Any) -> list[Mapping[str, Any]]:
    items = answer.get("items") if isinstance(answer, dict) else None
    return [
        item for item in items or [] if isinstance(item, dict) and isinstance(item.get("id"), int)
    ]


def _no_server(name: str, answer: Any, callback_url: str) -> Finding:
    others = ", ".join(str(server.get("url", "")) for server in _servers(answer))
    seen = f"настроены другие адреса: {others}" if others else "не настроен ни один сервер"
    return Finding(
        name,
        State.FAIL,
        f"ВКонтакте не шлёт события по адресу {callback_url}: {seen}.",
        f"Добавьте сервер с этим адресом и тем же секретным ключом: {_CALLBACK_PAGE}.",
    )


def _server_status(name: str, server: Mapping[str, Any]) -> Finding:
    status = server.get("status")
    if status == "ok":
        return Finding(name, State.OK, f"Адрес {server.get('url')} подтверждён.")
    return Finding(
        name,
        State.FAIL,
        f"Адрес {server.get('url')} не подтверждён: состояние «{status}».",
        f"Запустите bridge serve, откройте {_CALLBACK_PAGE} и нажмите «Подтвердить». Если не "
        "помогает, сверьте строку подтверждения с config/channels.yaml (vk.callback.confirmation).",
    )


def _check_secret(name: str, vk: VkSettings, server: Mapping[str, Any]) -> Finding:
    ours = vk.callback_section.secret.read("vk.callback.secret").get_secret_value()
    if server.get("secret_key") == ours:
        return Finding(name, State.OK, "Секретный ключ во ВКонтакте и у моста один и тот же.")
    return Finding(
        name,
        State.FAIL,
        "Секретный ключ во ВКонтакте не тот, что у моста: мост отклоняет все события.",
        f"Впишите один и тот же ключ: {_CALLBACK_PAGE} и vk.callback.secret.",
    )


def _events(name: str, settings: Any, page: str) -> Finding:
    switches = settings.get("events") if isinstance(settings, dict) else None
    switches = switches if isinstance(switches, dict) else {}
    off = [event for event in NEEDED_EVENTS if not switches.get(event)]
    if off:
        return Finding(
            name,
            State.FAIL,
            f"ВКонтакте не сообщает о событиях: {', '.join(off)}.",
            f"Отметьте их на вкладке «Типы событий»: {page}.",
        )
    return Finding(name, State.OK, f"Включены: {', '.join(NEEDED_EVENTS)}.")


def _check_read_token(key: str, vk: VkSettings) -> list[Finding]:
    """Reads the wall, which VK allows to the same kinds of keys as reading comments.

    Without a key of its own the person's key reads.
    """
    name = f"{key}: ключ для чтения"
    remedy = "Задайте vk.read_token: сервисный ключ приложения или ключ пользователя."
    if vk.read_token is None:
        if vk.user_token is not None:
            return []
        return [Finding(name, State.WARN, _NO_READER, remedy)]

    def read() -> None:
        if (reader := VkClient.of_reader(vk)) is not None:
            reader.call("wall.get", owner_id=-vk.group_id, count=1)

    done = Finding(name, State.OK, "Ключ читает стену сообщества.")
    return [_tried(key, read, done, "читать стену", remedy)]


def _check_user_token(key: str, vk: VkSettings) -> list[Finding]:
    """Asks for what only those get who may act for the community; nothing is uploaded."""
    if vk.user_token is None:
        return []
    remedy = (
        "Задайте в vk.user_token ключ пользователя, который управляет сообществом, с правами wall, "
        "photos, video, market, groups и offline."
    )

    def ask() -> None:
        if (person := VkClient.of_user(vk)) is not None:
            person.call("photos.getWallUploadServer", group_id=vk.group_id)

    done = Finding(f"{key}: ключ пользователя", State.OK, "Ключ действует от имени сообщества.")
    return [_tried(key, ask, done, "действовать как пользователь", remedy)]


def _tried(key: str, probe: Callable[[], None], done: Finding, doing: str, remedy: str) -> Finding:
    """`done` when the probe's call is answered; `doing` completes «ключ не может …»."""
    try:
        probe()
    except SecretMissing as error:
        return _secret_missing(key, error)
    except VkError as error:
        if error.code == _WRONG_TOKEN_TYPE:
            text = f"Это ключ сообщества: {doing} он не может."
            return Finding(done.name, State.FAIL, text, remedy)
        text = f"Ключ не может {doing}: код {error.code} ({error.message})."
        return Finding(done.name, State.FAIL, text, remedy)
    except VkFailure as failure:
        text = f"Проверить не удалось: {failure}."
        return Finding(done.name, State.WARN, text, "Повторите проверку.")
    return done
