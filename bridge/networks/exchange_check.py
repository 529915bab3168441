"""Probes of a channel with cards for `bridge check`: folders, secrets, addresses."""

import os
from collections.abc import Iterator
from pathlib import Path

from bridge.channels import ChannelSettings
from bridge.findings import Finding, State
from bridge.networks.exchange_api import ExchangeClient, ExchangeFailure
from bridge.networks.exchange_settings import (
    AnswerHttp,
    ExchangeSettings,
    PullTransport,
    PushTransport,
)
from bridge.secrets import SecretMissing

_NO_WAY_IN = (
    "Ни один способ получать карточки не настроен: их можно только загружать командой "
    "bridge import."
)


def check(channel: ChannelSettings, callback_url: str, data: Path) -> list[Finding]:
    """Probe the channel; `callback_url` is where the system's webhook must go, `data` is the folder
    below which relative folders lie.

    Every trouble becomes a finding; nothing is raised, and nothing is changed anywhere.
    """
    return [*_ways_in(channel, callback_url, data), *_way_out(channel, data)]


def _ways_in(channel: ChannelSettings, callback_url: str, data: Path) -> Iterator[Finding]:
    exchange = channel.exchange_section
    if exchange.files:
        yield _folder(f"{channel.key}: папка выгрузок", exchange.files.place(data))
    if exchange.push:
        yield _push(f"{channel.key}: приём карточек", exchange.push, callback_url)
    if exchange.pull:
        yield _pull(f"{channel.key}: опрос карточек", exchange.pull)
    if not (exchange.files or exchange.push or exchange.pull):
        yield Finding(
            f"{channel.key}: карточки",
            State.WARN,
            _NO_WAY_IN,
            "Настройте files, push или pull в разделе exchange (config/channels.yaml).",
        )


def _way_out(channel: ChannelSettings, data: Path) -> Iterator[Finding]:
    exchange = channel.exchange_section
    name = f"{channel.key}: ответы"
    if exchange.answers.files:
        yield _folder(f"{channel.key}: папка ответов", exchange.answers.files.place(data))
    elif exchange.answers.http:
        yield _http(name, exchange.answers.http)
    else:
        yield Finding(name, State.OK, "Ответы вносит в систему человек: так настроено.")
    yield from _same_folder(channel.key, exchange, data)


def _folder(name: str, folder: Path) -> Finding:
    """One that is not there yet is made when it is first needed."""
    nearest = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if not nearest.is_dir():
        return Finding(
            name, State.FAIL, f"{nearest} — не папка.", "Укажите папку в config/channels.yaml."
        )
    if not os.access(nearest, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            name,
            State.FAIL,
            f"Нет права читать и писать: {nearest}.",
            "Дайте его учётной записи моста (chown или chmod).",
        )
    state = "доступна" if nearest == folder else "появится при первом обращении"
    return Finding(name, State.OK, f"{folder}: {state}.")


def _same_folder(key: str, exchange: ExchangeSettings, data: Path) -> Iterator[Finding]:
    """An answer must not come back as a card."""
    files, answers = exchange.files, exchange.answers.files
    if files and answers and files.place(data).resolve() == answers.place(data).resolve():
        yield Finding(
            f"{key}: папки",
            State.FAIL,
            "Выгрузки и ответы лежат в одной папке: ответы будут прочитаны как карточки.",
            "Укажите разные папки в exchange.files и exchange.answers.files.",
        )


def _push(name: str, push: PushTransport, callback_url: str) -> Finding:
    try:
        push.secret.read("exchange.push.secret")
    except SecretMissing as error:
        return _secret_missing(name, error)
    return Finding(name, State.OK, f"Секрет есть. Адрес для системы: {callback_url}.")


def _pull(name: str, pull: PullTransport) -> Finding:
    try:
        client = ExchangeClient.with_secret(pull.url, pull.token, "exchange.pull.token")
        answer = client.get(pull.url, {pull.size_parameter: 1})
    except SecretMissing as error:
        return _secret_missing(name, error)
    except ExchangeFailure as failure:
        return _no_answer(name, pull.url, failure)
    if answer.status in (401, 403):
        text = f"Система не приняла ключ (код {answer.status})."
        return Finding(name, State.FAIL, text, "Замените exchange.pull.token.")
    if not answer.is_success or answer.contents is None:
        text = f"{pull.url} ответил не списком карточек (код {answer.status})."
        return Finding(name, State.FAIL, text, "Проверьте exchange.pull.url.")
    return Finding(name, State.OK, f"{pull.url} отвечает.")


def _http(name: str, http: AnswerHttp) -> Finding:
    """Only that somebody listens there: anything more would write into the system."""
    try:
        client = ExchangeClient.with_secret(http.url, http.token, "exchange.answers.http.token")
        client.get(http.url.replace("{number}", "0").replace("{key}", "0"))
    except SecretMissing as error:
        return _secret_missing(name, error)
    except ExchangeFailure as failure:
        return _no_answer(name, http.url, failure)
    if http.status_url is None:
        return Finding(
            name,
            State.WARN,
            "Адрес отвечает, но проверить принятый ответ нельзя: если связь оборвётся, ответ "
            "уйдёт куратору на проверку вручную.",
            "Если система умеет показать ответ по ключу, задайте exchange.answers.http.status_url.",
        )
    return Finding(name, State.OK, f"{http.url} отвечает.")


def _secret_missing(name: str, error: SecretMissing) -> Finding:
    return Finding(
        name,
        State.FAIL,
        f"Нет ключа или секрета: {error}.",
        "Задайте переменную окружения или файл, названные в config/channels.yaml.",
    )


def _no_answer(name: str, url: str, failure: ExchangeFailure) -> Finding:
    return Finding(
        name,
        State.FAIL,
        f"Нет связи с {url}: {failure}.",
        "Проверьте адрес, и что он открывается с этой машины.",
    )
