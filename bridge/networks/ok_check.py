"""Probes of an OK channel for `bridge check`: the keys, the subscription, what may be done."""

from typing import Any

from bridge.channels import ChannelSettings
from bridge.findings import Finding, State
from bridge.ingest.ok_subscription import subscribed_urls
from bridge.networks.ok_api import OkError, OkFailure, OkGraph, OkRestClient
from bridge.networks.ok_group import author_of
from bridge.networks.ok_settings import OkSettings
from bridge.publish.ok import ADD_COMMENT
from bridge.secrets import SecretMissing

_KEY_PAGE = "Настройки группы → Сообщения → Ключ доступа"
_SUPPORT = "api-support@ok.ru"
_NO_REST = (
    "Раздела rest нет: комментарии группы не читаются и не отвечаются, работают только личные "
    "сообщения."
)


def check(channel: ChannelSettings, callback_url: str) -> list[Finding]:
    """Probe the channel; `callback_url` is where its webhooks must go, without the secret part.

    Every trouble becomes a finding; nothing is raised and nothing is changed in OK.
    """
    ok = channel.ok_section
    try:
        graph, rest = OkGraph.of_group(ok), OkRestClient.of_group(ok)
        key = ok.webhook.key.read("ok.webhook.key").get_secret_value() if ok.webhook else ""
    except SecretMissing as error:
        return [_secret_missing(channel.key, error)]
    token = _check_token(channel.key, graph, ok)
    if token.state is State.FAIL:
        return [token]
    chats = [token]
    if ok.transport == "webhook":
        chats.append(_check_subscription(channel.key, graph, f"{callback_url}/{key}"))
    return [*chats, *_check_feed(channel.key, rest, ok)]


def _secret_missing(key: str, error: SecretMissing) -> Finding:
    return Finding(
        f"{key}: ключи",
        State.FAIL,
        f"Нет ключа или секрета: {error}.",
        "Задайте переменную окружения или файл, названные в config/channels.yaml.",
    )


def _check_token(key: str, graph: OkGraph, ok: OkSettings) -> Finding:
    name = f"{key}: ключ группы"
    try:
        info = graph.get("me/info")
    except OkError as error:
        text = f"Одноклассники не приняли ключ: код {error.code} ({error.name})."
        return Finding(name, State.FAIL, text, f"Выпустите ключ группы заново: {_KEY_PAGE}.")
    except OkFailure as failure:
        text = f"Нет связи с Одноклассниками: {failure}."
        remedy = f"Проверьте, что с этой машины открывается {ok.graph_url}."
        return Finding(name, State.FAIL, text, remedy)
    group_id = info.get("group_id") if isinstance(info, dict) else None
    number = author_of(str(group_id)).removeprefix("-")
    if number != str(ok.group_id):
        text = f"Ключ выпущен другой группой: {number}, а в channels.yaml — {ok.group_id}."
        return Finding(name, State.FAIL, text, "Исправьте ok.group_id или замените ключ.")
    return Finding(name, State.OK, f"Ключ действует, группа «{info.get('name')}» ({number}).")


def _check_subscription(key: str, graph: OkGraph, url: str) -> Finding:
    """A warning at most: the watch mends it. The address is a secret and is not shown."""
    name = f"{key}: подписка"
    try:
        urls = subscribed_urls(graph.get("me/subscriptions"))
    except OkFailure as failure:
        text = f"Подписки узнать не удалось: {failure}."
        return Finding(name, State.WARN, text, "Повторите проверку.")
    if url in urls:
        return Finding(name, State.OK, "Одноклассники шлют личные сообщения мосту.")
    return Finding(
        name,
        State.WARN,
        "Одноклассники пока не шлют личные сообщения мосту.",
        "Запустите мост: он подпишется сам в течение десяти минут. Если не помогло, проверьте, "
        "что BRIDGE_PUBLIC_URL открывается снаружи по https.",
    )


def _check_feed(key: str, rest: OkRestClient | None, ok: OkSettings) -> list[Finding]:
    if rest is None:
        remedy = "Если лента нужна, заполните ok.rest в config/channels.yaml."
        return [Finding(f"{key}: лента", State.WARN, _NO_REST, remedy)]
    reading = _check_reading(key, rest, ok)
    if reading.state is State.FAIL:
        return [reading]
    return [reading, _check_answering(key, rest, ok)]


def _check_reading(key: str, rest: OkRestClient, ok: OkSettings) -> Finding:
    name = f"{key}: чтение ленты"
    try:
        rest.call("group.getStatTopics", gid=ok.group_id, fields="ID,COMMENTS", count=1)
    except OkError as error:
        text = f"Одноклассники не дали прочесть темы группы: код {error.code} ({error.name})."
        remedy = (
            "Проверьте ключ сессии, секрет приложения и права VALUABLE_ACCESS и GROUP_CONTENT; "
            f"сессия должна быть администратора группы. О правах пишут в {_SUPPORT}."
        )
        return Finding(name, State.FAIL, text, remedy)
    except OkFailure as failure:
        text = f"Проверить не удалось: {failure}."
        return Finding(name, State.WARN, text, "Повторите проверку.")
    return Finding(name, State.OK, "Темы группы и их комментарии читаются.")


def _check_answering(key: str, rest: OkRestClient, ok: OkSettings) -> Finding:
    """Asks OK whether the method that answers comments is open to us, without calling it."""
    name = f"{key}: ответы в ленте"
    if not ok.comments:
        text = "Выключены настройкой comments: false, ответы на комментарии размещает человек."
        return Finding(name, State.OK, text)
    remedy = (
        f"Запросите у {_SUPPORT} доступ к методу {ADD_COMMENT}; до тех пор поставьте "
        "comments: false, и ответы будет размещать человек."
    )
    try:
        answer = rest.call("users.getCallsLeft", methods=ADD_COMMENT)
    except OkFailure as failure:
        return Finding(name, State.WARN, f"Узнать не удалось: {failure}.", remedy)
    if _is_available(answer):
        return Finding(name, State.OK, "Метод для ответов на комментарии доступен.")
    return Finding(name, State.WARN, "Метод для ответов на комментарии закрыт.", remedy)


def _is_available(answer: Any) -> bool:
    """From `[{"name", "available", "callsLeft"}]`."""
    return any(
        item.get("name") == ADD_COMMENT and item.get("available") is True
        for item in (answer if isinstance(answer, list) else [])
        if isinstance(item, dict)
    )
