"""The flow with real rules, texts, configuration and store; helpdesk and network are on paper."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from sqlalchemy import event

from bridge.backoff import Backoff
from bridge.composing import Composer
from bridge.drafting import Drafter
from bridge.effects import EffectKind
from bridge.flow.answer_pictures import AnswerPictures
from bridge.flow.attaching import Attaching
from bridge.flow.creation import Creation
from bridge.flow.delivering import Delivering, PlacingRules
from bridge.flow.knowledge import Knowledge
from bridge.flow.looking_up import LookingUp
from bridge.flow.opening import want_issue
from bridge.flow.ordered_updates import OrderedUpdates
from bridge.flow.placement_hold import PlacementDesk
from bridge.flow.placing import Placing
from bridge.flow.reconcile import Reconciler, Result, Trigger
from bridge.flow.recording import Recording
from bridge.flow.updating import Updating
from bridge.helpdesk.port import Issue
from bridge.messages import Message
from bridge.moderation import Moderator
from bridge.networks.directory import NetworkDirectory
from bridge.office import Office
from bridge.publish.port import CannotLook, Remedy
from bridge.publish.rendering import EmptyAnswer, TooLong
from bridge.sla.effects import PlaceAnswer
from bridge.store import channel_states, clocks, outbox
from bridge.store.database import Store
from bridge.store.models import EffectRow, TicketRow
from bridge.texts import open_texts
from tests.outside import outside
from tests.store_contract.rows import add_ticket
from tests.unit.flow.desk import (
    PaperDesk,
    PaperNetwork,
    PaperSystems,
    TicketHints,
    Watch,
    refusal,
)

PROJECT = Path(__file__).resolve().parents[3]
ATTEMPTS = 3
PAUSE = timedelta(minutes=5)
GRACE = timedelta(seconds=12)
LOOK_FOR = timedelta(minutes=5)
LEASE = timedelta(seconds=90)
PATIENCE = timedelta(seconds=5)
BACKOFF = Backoff(timedelta(seconds=2), timedelta(minutes=5))
LONGEST_ANSWER = 200
LARGEST_PICTURE = 1024 * 1024
WARNING = "осталось не больше"
BREACH = "Руководству"
CUT = "|"
"""Where the network on paper cuts a long answer."""
TEXT = "Яма будет засыпана до 1 декабря."


def render(message: Message, answer: PlaceAnswer) -> tuple[str, ...]:
    text = answer.text
    if not text.strip():
        raise EmptyAnswer
    if len(text) > LONGEST_ANSWER:
        raise TooLong(LONGEST_ANSWER, len(text))
    period = f" Ответ до {answer.final_by}." if answer.final_by else ""
    return tuple(f"{message.author.name}! {part}{period}" for part in text.split(CUT))


@dataclass
class Bench:
    """A ticket on the way from message to answer."""

    store: Store
    desk: PaperDesk
    network: PaperNetwork
    watch: Watch
    reconciler: Reconciler
    ticket: int

    def reconcile(self, trigger: Trigger = Trigger.WEBHOOK) -> Result:
        return self.reconciler.reconcile(self.ticket, trigger)

    def staff(self, *, note: str = "", **changes: str | None) -> None:
        self.desk.staff(self.issue.id, note=note, **changes)

    def approve(self) -> None:
        """The curator approves an answer that a department has submitted."""
        self.staff(status="review", answer_text=TEXT)
        self.reconcile()
        self.watch.wait(minutes=1)
        self.staff(status="approved")

    @property
    def row(self) -> TicketRow:
        with self.store.reading() as session:
            return session.get_one(TicketRow, self.ticket)

    @property
    def issue(self) -> Issue:
        assert self.row.issue_id is not None
        return self.desk.issues[self.row.issue_id]

    @property
    def notes(self) -> list[str]:
        """All but the warnings, and what the leaders are told."""
        notes = self.desk.notes(self.issue.id)
        return [note for note in notes if WARNING not in note and BREACH not in note]

    @property
    def warnings(self) -> list[str]:
        return [note for note in self.desk.notes(self.issue.id) if WARNING in note]

    def effect(self, kind: EffectKind = EffectKind.PLACE_ANSWER) -> EffectRow:
        """The newest of its kind."""
        with self.store.reading() as session:
            return outbox.of_kind(session, self.ticket, kind)[-1]

    def effects(self) -> list[EffectRow]:
        """All, of all tickets."""
        with self.store.reading() as session:
            return list(session.query(EffectRow).order_by(EffectRow.id))

    def verdicts(self) -> dict[str, str | None]:
        with self.store.reading() as session:
            return {clock.key: clock.verdict for clock in clocks.of_ticket(session, self.ticket)}

    def is_held(self) -> bool:
        with self.store.reading() as session:
            return channel_states.hold_of(session, "vk-head", self.watch()) is not None

    def release_channel(self) -> None:
        with self.store.writing() as session:
            channel_states.release(session, "vk-head")

    def another(self, number: int) -> "Bench":
        """A further ticket at the same desk."""
        ticket = _new_ticket(self.store, number)
        return Bench(self.store, self.desk, self.network, self.watch, self.reconciler, ticket)


@pytest.fixture
def store(store: Store) -> Store:
    """Without waiting for the disk: here workers are killed, not machines."""

    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(store.engine, "connect", hurry)
    return store


@pytest.fixture(scope="session")
def office() -> Office:
    return Office.load(PROJECT / "config")


@pytest.fixture(scope="session")
def moderator(office: Office) -> Moderator:
    return Moderator(office.lexicon)


@pytest.fixture(scope="session")
def texts() -> Environment:
    return open_texts(PROJECT / "templates", str)


@pytest.fixture
def bench(store: Store, office: Office, texts: Environment) -> Bench:
    watch = Watch()
    desk, network = PaperDesk(watch), PaperNetwork()
    drafter = Drafter(texts, office.calendar, lambda text: text)
    placing = Placing(
        Delivering(network, PlacingRules(BACKOFF, ATTEMPTS, PAUSE, GRACE, LOOK_FOR), watch),
        render,
        PaperSystems(NetworkDirectory(office.channels, outside(watch)), network),
        AnswerPictures(store, desk, LARGEST_PICTURE),
        watch,
    )
    reconciler = Reconciler(
        store=store,
        helpdesk=desk,
        creation=Creation(desk, drafter, office.channels, office.policies, GRACE, watch),
        updating=Updating(desk, texts, watch),
        attaching=Attaching(desk, BACKOFF, ATTEMPTS, GRACE, watch),
        placing=placing,
        ordered=OrderedUpdates(desk, texts, watch),
        looking_up=LookingUp(placing, watch),
        recording=Recording(
            office.policies,
            office.calendar,
            Composer(texts, office.channels, office.department_names),
            Knowledge(
                office.channels,
                NetworkDirectory(office.channels, outside(watch)),
                office.checks,
                lambda *_: LONGEST_ANSWER,
            ),
            PATIENCE,
            watch,
        ),
        backoff=BACKOFF,
        lease_duration=LEASE,
        now=watch,
    )
    return Bench(store, desk, network, watch, reconciler, _new_ticket(store, 1))


@pytest.fixture
def created(bench: Bench) -> Bench:
    """The ticket stands in the helpdesk."""
    assert bench.reconcile(Trigger.MESSAGE) is Result.SETTLED
    bench.watch.wait(minutes=5)
    return bench


@pytest.fixture
def hints() -> TicketHints:
    return TicketHints()


@pytest.fixture
def placement_desk(created: Bench, office: Office, hints: TicketHints) -> PlacementDesk:
    return PlacementDesk(created.store, office, hints, created.watch)


@pytest.fixture
def failed(created: Bench) -> Bench:
    """An answer that the network refused; the ticket waits for a person."""
    created.approve()
    created.network.before.append(refusal(Remedy.BY_HAND, "213", "Комментарии закрыты."))
    created.reconcile()
    created.watch.wait(minutes=1)
    return created


@pytest.fixture
def uncertain(created: Bench) -> Bench:
    """An answer that may be there: nobody could look."""
    created.approve()
    created.network.before.append(refusal(Remedy.LOOK, "timeout"))
    created.network.blind.append(CannotLook())
    created.reconcile()
    created.watch.wait(minutes=1)
    created.reconcile()
    created.watch.wait(minutes=1)
    return created


def _new_ticket(store: Store, number: int) -> int:
    with store.writing() as session:
        ticket = add_ticket(session, number)
        want_issue(session, ticket, ticket.created_at)
        return ticket.id
