"""Puts the parts of one process together. Nothing else makes connections or reads the clock."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bridge import calls
from bridge.backoff import Backoff
from bridge.channels import Channels, ChannelSettings
from bridge.composing import Composer
from bridge.differences import Patience
from bridge.drafting import Drafter
from bridge.fetching.fetcher import Fetcher
from bridge.fetching.guard import Guard
from bridge.fetching.transfer import Limits
from bridge.flow.adoption import Adoption
from bridge.flow.answer_pictures import AnswerPictures
from bridge.flow.attaching import Attaching
from bridge.flow.bell import Bell
from bridge.flow.creation import Creation
from bridge.flow.delivering import Delivering, PlacingRules
from bridge.flow.downloading import Downloading, DownloadRules
from bridge.flow.intake import Intake
from bridge.flow.judging import Judging
from bridge.flow.knowledge import Knowledge
from bridge.flow.learning import Learning
from bridge.flow.looking import Looking
from bridge.flow.looking_up import LookingUp
from bridge.flow.nightly import Nightly
from bridge.flow.nightly_watch import NightlyWatch
from bridge.flow.ordered_updates import OrderedUpdates
from bridge.flow.patience import Patiently
from bridge.flow.placing import Placing
from bridge.flow.polling import Polling
from bridge.flow.purging import Purging
from bridge.flow.queue import Hints
from bridge.flow.reconcile import Reconciler
from bridge.flow.recording import Recording
from bridge.flow.reporting import Reporting, Reports
from bridge.flow.silence_watch import SilenceWatch
from bridge.flow.sweep import Sweep
from bridge.flow.updating import Updating
from bridge.flow.worker import Worker
from bridge.folding import Folding
from bridge.helpdesk.accounts import LOGIN_TIMEOUT, StaffAccounts
from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.project_groups import StaffGroups
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession, Timeout
from bridge.helpdesk.wiki import RedmineWiki
from bridge.ingest.port import Poller
from bridge.messages import Message
from bridge.networks.directory import NetworkDirectory
from bridge.networks.outside import Outside
from bridge.networks.rate_limit import RateLimiter
from bridge.networks.registry import module_of
from bridge.office import Office
from bridge.office_in_force import OfficeInForce
from bridge.publish.markup import Markup
from bridge.publish.rendering import Answer, AnswerTemplates, TooLong
from bridge.publish.splitting import MOST_PARTS, split
from bridge.reporting.compiling import Compiler
from bridge.reporting.facts import Names
from bridge.reporting.yardstick import Yardstick
from bridge.retention import load_retention
from bridge.second_voice import TRAINING, ModelsFolder, OfficeRouter
from bridge.secrets import SecretMissing
from bridge.settings import Settings
from bridge.sla.effects import PlaceAnswer
from bridge.sla.timeline import AnswerKind
from bridge.store.database import Store
from bridge.texts import open_texts

if TYPE_CHECKING:
    from bridge.counters import Counters

log = structlog.get_logger()

COUNTERS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client keeps its values; it reads this once, when it is loaded."""
GLANCE_SECONDS: Final = 2.0
"""For who only looks at the queue and must answer itself."""
PLACING_ATTEMPTS = 6
PLACING_GRACE = timedelta(seconds=15)
"""Above the publishers' own time limits: what was sent before that has arrived or is lost."""
PLACING_LOOK_FOR = timedelta(minutes=5)
POLL_LEASE = timedelta(seconds=90)
"""Above the longest look of a poller, which must stay below a minute."""
DOWNLOAD_ATTEMPTS = 10
"""With the usual pauses a quarter of an hour."""
DOWNLOAD_PATIENCE = timedelta(minutes=2)
"""Above the time limit of a download."""
ATTACHING_ATTEMPTS = 5
LARGEST_PICTURE = 20 * 1024 * 1024
KILOBYTE = 1024


def system_clock() -> datetime:
    """The present instant, UTC."""
    return datetime.now(UTC)


def connect_redis(settings: Settings) -> Redis:
    """The queue's server. Time limits hold for commands; waiting for work has RQ's own."""
    return Redis.from_url(
        settings.effective_redis_url, socket_connect_timeout=3, health_check_interval=30
    )


def glance_at_redis(settings: Settings) -> Redis:
    """The queue's server for figures: a server that hangs is given up soon."""
    return Redis.from_url(
        settings.effective_redis_url,
        socket_connect_timeout=GLANCE_SECONDS,
        socket_timeout=GLANCE_SECONDS,
        retry=Retry(NoBackoff(), retries=0),
    )


def share_counters(settings: Settings) -> None:
    """Have this process and its children keep what they count in one folder of this machine.

    To be called before anything loads prometheus_client: that is why nothing that does is imported
    by this module.
    """
    settings.counters.mkdir(parents=True, exist_ok=True)
    os.environ[COUNTERS_VARIABLE] = str(settings.counters)
    from bridge.counters import add_up_ended

    add_up_ended(settings.counters)


def count_calls() -> "Counters":
    """Count the calls of this process to systems outside, from now on."""
    from bridge.counters import Counters

    folder = os.environ.get(COUNTERS_VARIABLE)
    counters = Counters(Path(folder) if folder else None)
    calls.listen(counters.call)
    return counters


def open_office(files: Office, store: Store) -> OfficeInForce:
    """The office with the mapping that is in force, whoever saves another one meanwhile."""
    return OfficeInForce(files=files, store=store, monotonic=time.monotonic)


def open_helpdesk(settings: Settings, office: Office) -> RedmineHelpdesk:
    """The helpdesk as the robot. One per worker: it keeps its connection."""
    return RedmineHelpdesk(*_redmine(settings, office))


def _redmine(settings: Settings, office: Office) -> tuple[RedmineSession, RedmineDirectory]:
    session = RedmineSession(
        settings.redmine_url,
        settings.redmine_key.get_secret_value(),
        Timeout(read=settings.redmine_timeout),
    )
    return session, RedmineDirectory(session, office.layout, office.department_groups)


def open_accounts(settings: Settings, office: Office) -> StaffAccounts:
    """Staff's accounts in Redmine, for those who log in to the administrator's pages."""

    def robot() -> RedmineSession:
        return RedmineSession(
            settings.redmine_url, settings.redmine_key.get_secret_value(), LOGIN_TIMEOUT
        )

    return StaffAccounts(settings.redmine_url, office.layout, robot)


def open_groups(settings: Settings, office: Office) -> StaffGroups:
    """The groups of Redmine's that departments can have, for the page of the mapping."""

    def robot() -> RedmineSession:
        return RedmineSession(
            settings.redmine_url, settings.redmine_key.get_secret_value(), LOGIN_TIMEOUT
        )

    return StaffGroups(office.layout, robot)


def open_reports(settings: Settings, office: Office, store: Store) -> Reports:
    """The office's reports; nothing is asked of the helpdesk."""
    names = Names(
        departments={one.key: one.name for one in office.mapping.departments},
        channels={channel.key: channel.title for channel in office.channels},
        reasons=dict(office.policies.readings.revision_reasons),
    )
    yardstick = Yardstick(office.policies.by_key, office.calendar)
    address = settings.effective_redmine_public_url
    return Reports(store, Compiler(yardstick, names, lambda id_: f"{address}/issues/{id_}"))


def open_reporting(settings: Settings, office: Office, store: Store) -> Reporting:
    """The same with the way into the helpdesk's wiki."""
    wiki = RedmineWiki(*_redmine(settings, office))
    return Reporting(open_reports(settings, office, store), wiki, settings.templates)


def open_outside(settings: Settings, now: Callable[[], datetime]) -> Outside:
    """What the networks' parts know of the world: all workers keep to one pace."""
    return Outside(
        public_url=settings.effective_public_url,
        now=now,
        data=settings.data,
        pace=RateLimiter(settings.effective_redis_url),
    )


def open_pollings(settings: Settings, office: Office, hints: Hints) -> Sequence[Polling]:
    """Everything that is to be fetched for the office's channels, ready to look."""
    store = Store(settings.effective_store_url)
    outside = open_outside(settings, system_clock)
    bells = {channel.key: Bell() for channel in office.channels}
    return [
        Polling(
            store,
            hints,
            channel.key,
            poller,
            _backoff(settings),
            POLL_LEASE,
            system_clock,
            bell=bells[channel.key],
        )
        for channel in office.channels
        for poller in _pollers_of(channel, outside)
    ]


def _pollers_of(channel: ChannelSettings, outside: Outside) -> Sequence[Poller]:
    """What is fetched for one channel; a channel whose secret is missing does not stop the rest."""
    try:
        return module_of(channel).pollers(channel, outside)
    except SecretMissing as error:
        log.error("channel cannot be polled", channel=channel.key, why=str(error))
        return ()


def open_router(settings: Settings, office: Office) -> OfficeRouter:
    """The office's rules with the newest model of the second voice."""
    return OfficeRouter(
        ModelsFolder(settings.effective_models, settings.config / TRAINING), office.router
    )


@dataclass(frozen=True)
class Parts:
    """What a process works with."""

    settings: Settings
    office: Office
    store: Store
    helpdesk: RedmineHelpdesk
    networks: NetworkDirectory
    worker: Worker
    sweep: Sweep
    nightly: Nightly
    nightly_watch: NightlyWatch
    silence_watch: SilenceWatch
    router: OfficeRouter
    learning: Learning
    purging: Purging


@dataclass(frozen=True)
class AnswerRenderer:
    """Renders answers for the channel that a message came by."""

    templates: AnswerTemplates
    channels: Channels
    markup: Callable[[], str]

    def __call__(self, message: Message, answer: PlaceAnswer) -> Sequence[str]:
        """What the citizen reads, in parts. Raises `TooLong`, `EmptyAnswer`."""
        limit = self.channels[message.channel].limits.of(message.visibility)
        return split(self._whole(message, answer, limit * MOST_PARTS), limit)

    def _whole(self, message: Message, answer: PlaceAnswer, limit: int) -> str:
        channel = self.channels[message.channel]
        content = Answer(
            text=answer.text,
            markup=Markup(self.markup()),
            author=message.author,
            signature=channel.signature,
            limit=limit,
            interim=answer.kind is AnswerKind.INTERIM,
            final_by=answer.final_by,
        )
        return self.templates.render(message.network, message.visibility, content)

    def room(self, message: Message, kind: AnswerKind) -> int:
        """How many characters of an answer's text fit, greeted and signed."""
        limit = self.channels[message.channel].limits.of(message.visibility)
        shortest = PlaceAnswer("", 0, "а", kind=kind, final_by="24.11.2026 18:30")
        try:
            return limit - len(self._whole(message, shortest, limit)) + len(shortest.text)
        except TooLong:
            return 0


def assemble(
    settings: Settings,
    office: Office,
    hints: Hints,
    now: Callable[[], datetime] = system_clock,
    store: Store | None = None,
) -> Parts:
    """Everything that a worker and the commands need. Raises `ConfigError` for a wrong template.

    `store`: one that is open already.
    """
    store = store or Store(settings.effective_store_url)
    helpdesk = open_helpdesk(settings, office)
    networks = NetworkDirectory(office.channels, open_outside(settings, now))
    reconciler = _reconciler(settings, office, store, helpdesk, networks, now)
    downloading = Downloading(store, _fetcher(settings), _download_rules(settings), now)
    router = open_router(settings, office)
    intake = Intake(
        store,
        office.channels,
        networks,
        Judging(router, office.mapping, office.moderator),
        office.policies,
        office.calendar,
        now,
    )
    adoption = Adoption(store, helpdesk, now)
    horizon = timedelta(seconds=settings.sweep_seconds)
    worker = Worker(store, intake, downloading, reconciler, adoption, hints, horizon, now)

    def publish(at: datetime) -> Sequence[str]:
        return open_reporting(settings, office, store).publish_due(at)

    return Parts(
        settings=settings,
        office=office,
        store=store,
        helpdesk=helpdesk,
        networks=networks,
        worker=worker,
        sweep=Sweep(
            store, helpdesk, adoption, hints, timedelta(seconds=settings.sweep_patience), now
        ),
        nightly=_nightly(settings, worker, publish),
        nightly_watch=NightlyWatch(store, settings.nightly_at, office.calendar.zone),
        silence_watch=SilenceWatch(store, [channel.key for channel in office.channels], now),
        router=router,
        learning=Learning(store, router, now),
        purging=Purging(store, load_retention(settings.config), now),
    )


@dataclass
class PartsInForce:
    """The parts with the mapping in force: made anew when somebody has saved another version."""

    settings: Settings
    offices: OfficeInForce
    hints: Hints
    now: Callable[[], datetime] = system_clock
    _parts: Parts | None = field(default=None, init=False)

    def current(self) -> Parts:
        """The parts to do the next piece of work with. Raises `ConfigError`."""
        office = self.offices.current()
        if self._parts is None or self._parts.office is not office:
            self._parts = assemble(
                self.settings, office, self.hints, self.now, store=self.offices.store
            )
        return self._parts


def _fetcher(settings: Settings) -> Fetcher:
    limits = Limits(settings.attachment_kb * KILOBYTE)
    return Fetcher(limits, Guard(frozenset(settings.fetch_origins)))


def _download_rules(settings: Settings) -> DownloadRules:
    return DownloadRules(
        files=settings.attachments_per_message,
        total=settings.attachments_total_kb * KILOBYTE,
        backoff=_backoff(settings),
        attempts=DOWNLOAD_ATTEMPTS,
        patience=DOWNLOAD_PATIENCE,
    )


def _backoff(settings: Settings) -> Backoff:
    return Backoff(
        timedelta(seconds=settings.backoff_first_seconds),
        timedelta(seconds=settings.backoff_longest_seconds),
    )


def _nightly(
    settings: Settings, worker: Worker, publish: Callable[[datetime], Sequence[str]]
) -> Nightly:
    reconciler = worker.reconciler
    patiently = Patiently(time.sleep)
    webhook = timedelta(seconds=settings.sweep_patience)
    patience = Patience(webhook, webhook + 2 * timedelta(seconds=settings.sweep_seconds))
    return Nightly(
        store=worker.store,
        helpdesk=reconciler.helpdesk,
        looking=Looking(
            worker.store,
            reconciler.helpdesk,
            reconciler.recording,
            worker.reconcile,
            patience,
            patiently,
            worker.now,
        ),
        patiently=patiently,
        reread_days=settings.nightly_reread_days,
        publish=publish,
        now=worker.now,
    )


def _reconciler(
    settings: Settings,
    office: Office,
    store: Store,
    helpdesk: RedmineHelpdesk,
    networks: NetworkDirectory,
    now: Callable[[], datetime],
) -> Reconciler:
    as_written = Folding(office.moderator, lambda: helpdesk.text_formatting)
    texts = open_texts(settings.templates, as_written)
    backoff = _backoff(settings)
    grace = 2 * timedelta(seconds=settings.redmine_timeout)
    renderer = AnswerRenderer(
        AnswerTemplates(settings.templates / "answers"),
        office.channels,
        lambda: helpdesk.text_formatting,
    )
    rules = PlacingRules(
        backoff=backoff,
        attempts=PLACING_ATTEMPTS,
        pause=timedelta(seconds=settings.pause_seconds),
        grace=PLACING_GRACE,
        look_for=PLACING_LOOK_FOR,
    )
    placing = Placing(
        Delivering(networks, rules, now),
        renderer,
        networks,
        AnswerPictures(store, helpdesk, LARGEST_PICTURE),
        now,
    )
    return Reconciler(
        store=store,
        helpdesk=helpdesk,
        creation=Creation(
            helpdesk,
            Drafter(texts, office.calendar, as_written),
            office.channels,
            office.policies,
            grace,
            now,
            pages=settings.admin_url.rstrip("/"),
        ),
        updating=Updating(helpdesk, texts, now),
        attaching=Attaching(helpdesk, backoff, ATTACHING_ATTEMPTS, grace, now),
        placing=placing,
        ordered=OrderedUpdates(helpdesk, texts, now),
        looking_up=LookingUp(placing, now),
        recording=Recording(
            office.policies,
            office.calendar,
            Composer(texts, office.channels, office.department_names),
            Knowledge(office.channels, networks, office.checks, renderer.room),
            timedelta(seconds=settings.sweep_patience),
            now,
        ),
        backoff=backoff,
        lease_duration=settings.lease,
        now=now,
    )
