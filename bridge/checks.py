"""Is this installation fit for work? Every probe of `bridge check`, from the store to the networks.

A channel that was held as down and is found well is let go: its queue goes on by itself.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy.exc import SQLAlchemyError

from bridge.bootstrap import connect_redis, open_office
from bridge.channels import ChannelSettings
from bridge.clock_check import check_clock
from bridge.config.document import ConfigError
from bridge.findings import Finding, State
from bridge.helpdesk.check import check_helpdesk, check_webhook
from bridge.helpdesk.redmine_session import RedmineSession, Timeout
from bridge.networks.outside import Outside
from bridge.networks.registry import module_of
from bridge.nightly_check import check_nightly
from bridge.office import Office
from bridge.publish.rendering import AnswerTemplates
from bridge.settings import Settings
from bridge.store import (
    channel_checks,
    channel_states,
    channel_switches,
    inbox,
    mapping_versions,
    polls,
    silences,
)
from bridge.store.database import Store, StoreUnavailable
from bridge.store.schema import SchemaState, state_of
from bridge.texts import check_texts

WEBHOOK_SECONDS = 10.0
_LOOK_SECONDS = 0.2
KEYS_EXPIRE_SOON = timedelta(days=14)


@dataclass(frozen=True)
class Checks:
    """The probes, over one installation's settings and configuration, as its files are."""

    settings: Settings
    office: Office
    store: Store
    now: Callable[[], datetime]

    def run(self) -> Iterator[Finding]:
        """Every finding, as soon as it is known; a probe that fails stops no other."""
        yield from self._calendar()
        yield from self._templates()
        yield from self._store()
        yield from self._clock()
        yield from self._mapping()
        yield from self._queue()
        yield from self._helpdesk()
        for channel in self.office.channels:
            yield from self.channel(channel)
            yield from self._switch(channel)
            yield from self._polls(channel)
            yield from self._silence(channel)

    def _calendar(self) -> Iterator[Finding]:
        warning = self.office.calendar.office.year_warning(self.now())
        if warning:
            yield Finding("Календарь", State.WARN, warning)
        else:
            yield Finding("Календарь", State.OK, "производственный календарь загружен")

    def _templates(self) -> Iterator[Finding]:
        try:
            AnswerTemplates(self.settings.templates / "answers")
            check_texts(self.settings.templates)
        except ConfigError as error:
            yield Finding("Шаблоны", State.FAIL, str(error), "Исправьте шаблон в этой строке.")
        else:
            yield Finding("Шаблоны", State.OK, "читаются и заполняются")

    def _store(self) -> Iterator[Finding]:
        name = "Хранилище"
        try:
            state, _ = state_of(self.store.engine)
        except (StoreUnavailable, SQLAlchemyError) as error:
            text = f"Нет доступа: {type(error).__name__}."
            yield Finding(name, State.FAIL, text, "Проверьте BRIDGE_STORE_URL и саму базу данных.")
            return
        if state is SchemaState.CURRENT:
            yield Finding(name, State.OK, "доступно, схема текущая")
            yield self._nightly()
        elif state is SchemaState.NEWER:
            yield Finding(
                name,
                State.FAIL,
                "Таблицы новее этой версии программы: их обновила более новая.",
                "Обновите мост на этой машине; вернуться назад можно только к резервной копии.",
            )
        else:
            yield Finding(
                name,
                State.FAIL,
                "Схема не соответствует версии программы.",
                "Запустите bridge serve или bridge up: они обновят схему.",
            )

    def _clock(self) -> Iterator[Finding]:
        with suppress(StoreUnavailable):
            finding = check_clock(self.store, self.settings.lease_spare, self.now)
            if finding:
                yield finding

    def _mapping(self) -> Iterator[Finding]:
        name = "Подразделения"
        try:
            with self.store.reading() as session:
                version = mapping_versions.newest(session)
        except (StoreUnavailable, SQLAlchemyError):
            return
        if version is None:
            yield Finding(name, State.OK, "действует файл departments.yaml")
        elif version.fingerprint != self.office.mapping.version:
            yield Finding(
                name,
                State.WARN,
                f"Файл departments.yaml отличается от действующей версии {version.id}.",
                "Если файл новее, загрузите его: bridge mapping import. Если нет, замените файл:"
                " bridge mapping export.",
            )
        else:
            yield Finding(name, State.OK, f"действует версия {version.id}, файл такой же")

    def _queue(self) -> Iterator[Finding]:
        name = "Очередь (Redis)"
        try:
            redis = connect_redis(self.settings)
            redis.ping()
            workers = Worker.count(connection=redis)
        except RedisError as error:
            yield Finding(
                name,
                State.FAIL,
                f"Нет доступа: {type(error).__name__}.",
                "Проверьте BRIDGE_REDIS_URL; на одной машине Redis запускает bridge up.",
            )
            return
        if workers:
            yield Finding(name, State.OK, f"доступна, обработчиков: {workers}")
        else:
            remedy = "Запустите bridge worker или bridge up."
            yield Finding(name, State.FAIL, "Ни один обработчик не запущен.", remedy)

    def _nightly(self) -> Finding:
        with self.store.reading() as session:
            return check_nightly(session, self.office.calendar.zone, self.now())

    def _helpdesk(self) -> Iterator[Finding]:
        key = self.settings.redmine_key.get_secret_value()
        if not key:
            remedy = "Задайте BRIDGE_REDMINE_KEY: ключ API учётной записи робота."
            yield Finding("Redmine", State.FAIL, "Ключ API не задан.", remedy)
            return
        timeout = Timeout(read=self.settings.redmine_timeout)
        session = RedmineSession(self.settings.redmine_url, key, timeout)
        groups = open_office(self.office, self.store).current().department_groups
        yield from check_helpdesk(session, self.office.layout, groups, self.now)
        yield check_webhook(session, secrets.token_hex(12), self._has_arrived)

    def _has_arrived(self, token: str) -> bool:
        """Wait for the delivery to be taken in by the running web side."""
        deadline = time.monotonic() + WEBHOOK_SECONDS
        while time.monotonic() < deadline:
            with self.store.reading() as session:
                if inbox.has(session, inbox.HELPDESK, f"test:{token}"):
                    return True
            time.sleep(_LOOK_SECONDS)
        return False

    def _keys_expire(self, channel: ChannelSettings) -> Iterator[Finding]:
        """No network tells when a key ends: the configuration may."""
        ends = channel.keys_expire
        if ends is None:
            return
        left = ends - self.now().astimezone(self.office.calendar.zone).date()
        name, text = f"{channel.key}: срок ключей", f"Ключи действуют до {ends:%d.%m.%Y}."
        remedy = "Выпустите новые ключи и впишите их срок в channels.yaml (keys_expire)."
        if left.days < 0:
            yield Finding(name, State.WARN, f"Срок ключей истёк {ends:%d.%m.%Y}.", remedy)
        elif left < KEYS_EXPIRE_SOON:
            yield Finding(name, State.WARN, text, remedy)
        else:
            yield Finding(name, State.OK, text)

    def _switch(self, channel: ChannelSettings) -> Iterator[Finding]:
        with self.store.reading() as session:
            switch = channel_switches.switch_of(session, channel.key)
        if switch:
            since = switch.off_since.astimezone(self.office.calendar.zone)
            yield Finding(
                channel.title,
                State.WARN,
                f"канал выключен с {since:%d.%m.%Y %H:%M} ({switch.actor}): {switch.reason}",
                "Включите его на странице «Каналы».",
            )

    def _silence(self, channel: ChannelSettings) -> Iterator[Finding]:
        with self.store.reading() as session:
            silent = {row.source: row.since for row in silences.silent(session)}
        if channel.key in silent:
            since = silent[channel.key].astimezone(self.office.calendar.zone)
            yield Finding(
                channel.title,
                State.WARN,
                f"событий нет с {since:%d.%m.%Y %H:%M}: обычно в эти часы они приходят",
                "Напишите на страницу сами. Если карточка не появится, проверьте доставку событий.",
            )

    def _polls(self, channel: ChannelSettings) -> Iterator[Finding]:
        with self.store.reading() as session:
            failing = [row for row in polls.of_channel(session, channel.key) if row.failures]
        for row in failing:
            name = f"{channel.title}, получение ({row.name})"
            yield Finding(name, State.FAIL, row.meaning, "См. раздел о канале в docs/ru.")

    def channel(self, channel: ChannelSettings) -> Iterator[Finding]:
        """Probe one channel; what was found is kept, and one that is well again goes on."""
        outside = Outside(
            public_url=self.settings.effective_public_url,
            now=self.now,
            data=self.settings.data,
        )
        findings = [*module_of(channel).check(channel, outside), *self._keys_expire(channel)]
        with self.store.writing() as session:
            channel_checks.keep(session, channel.key, findings, self.now())
        yield from findings
        if any(finding.state is State.FAIL for finding in findings):
            return
        with self.store.writing() as session:
            released = channel_states.release(session, channel.key)
        if released:
            yield Finding(channel.title, State.OK, "канал снова в работе, очередь продолжена")
