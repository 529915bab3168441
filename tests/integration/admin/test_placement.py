"""A curator ends the troubles of placement in a browser; what is sent really stands in VK."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
import yaml

from bridge.admin.parts import AdminParts
from bridge.bootstrap import Parts, assemble, open_accounts, open_office, system_clock
from bridge.flow.opening import want_issue
from bridge.flow.reconcile import Trigger
from bridge.messages import Author, Message, Network, Visibility
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store import inbox, tickets
from bridge.store.database import Store
from bridge.store.models import TicketRow
from sandbox.redmine_staff import RedmineDesk, StaffUser
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION, CITIZENS
from sandbox.vk.server import VkSandbox, VkSettings
from tests.admin_site import Visitor
from tests.inbox_and_placement import fill_placements
from tests.unit.flow.desk import TicketHints

CHANNEL: Final = "vk-administration"
POST: Final = 2
ANSWER: Final = "Яму заделают завтра до 18:00."
POTHOLE: Final = "На улице Ленина огромная яма, чуть колесо не оставила. Когда заделаете?"


@pytest.fixture(scope="module")
def vk() -> VkSandbox:
    return VkSandbox(VkSettings())


@pytest.fixture(scope="module")
def vk_url(vk: VkSandbox) -> Iterator[str]:
    with vk.running() as url:
        yield url


@pytest.fixture(scope="module")
def office(vk_url: str, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The usual configuration, with the sandbox in VK's place."""
    folder = tmp_path_factory.mktemp("office") / "config"
    shutil.copytree(PROJECT / "config", folder)
    path = folder / "channels.yaml"
    document = yaml.safe_load(path.read_text())
    for channel in document["channels"]:
        if channel["key"] == CHANNEL:
            channel["vk"] |= {"api_url": f"{vk_url}/method", "page_url": vk_url}
    path.write_text(yaml.safe_dump(document, allow_unicode=True))
    return Office.load(folder)


@pytest.fixture(scope="module")
def hints() -> TicketHints:
    return TicketHints()


@pytest.fixture(scope="module")
def parts(admin_settings: Settings, office: Office, store: Store, hints: TicketHints) -> AdminParts:
    return AdminParts(
        settings=admin_settings,
        offices=open_office(office, store),
        store=store,
        hints=hints,
        accounts=open_accounts(admin_settings, office),
        now=system_clock,
    )


@dataclass(frozen=True)
class Bridge:
    """A worker in this process, which does what it is told to by hints."""

    parts: Parts
    hints: TicketHints
    vk: VkSandbox

    def take_in(self, comment_id: int) -> TicketRow:
        """A citizen's comment as intake leaves it, with its issue in Redmine."""
        link = f"https://vk.com/wall{ADMINISTRATION.owner_id}_{POST}?reply={comment_id}"
        told = Message(
            channel=CHANNEL,
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=f"wall{ADMINISTRATION.owner_id}_{POST}_r{comment_id}",
            author=Author(str(CITIZENS[0].id), "Анна Петрова"),
            text=POTHOLE,
            link=link,
            posted_at=system_clock(),
            address={
                "owner_id": ADMINISTRATION.owner_id,
                "post_id": POST,
                "comment_id": comment_id,
            },
        )
        now = system_clock()
        with self.parts.store.writing() as session:
            came = inbox.Arrival(CHANNEL, f"c{comment_id}", "wall_reply_new", b"{}", now)
            event = inbox.record(session.connection(), came)
            assert event
            row = tickets.add_message(session, told, event, now)
            ticket = tickets.add_ticket(
                session,
                row,
                external_number=told.external_number,
                department="roads",
                route={"departments": ["roads"], "explanation": "Подразделение: дороги."},
                policy="administration",
                now=now,
            )
            want_issue(session, ticket, now)
        self.reconcile(ticket.id)
        return self.row(ticket.id)

    def row(self, ticket_id: int) -> TicketRow:
        with self.parts.store.reading() as session:
            return session.get_one(TicketRow, ticket_id)

    def reconcile(self, ticket_id: int) -> None:
        self.parts.worker.reconcile(ticket_id, Trigger.MESSAGE)

    def work_off(self) -> None:
        """Do what the pages gave hints of."""
        while self.hints.told:
            self.parts.worker.reconcile(*self.hints.told.pop(0))

    def answers_under(self, comment_id: int) -> list[str]:
        wall = self.vk.world.wall
        comment = wall.comment(ADMINISTRATION.owner_id, comment_id)
        return [reply.text for reply in wall.replies(comment) if not reply.deleted]


@pytest.fixture(scope="module")
def bridge(
    admin_settings: Settings, office: Office, store: Store, hints: TicketHints, vk: VkSandbox
) -> Iterator[Bridge]:
    secrets = {
        "BRIDGE_VK_ADMINISTRATION_TOKEN": ADMINISTRATION.community_token,
        "BRIDGE_VK_ADMINISTRATION_READ_TOKEN": ADMINISTRATION.service_token,
    }
    address = store.engine.url.render_as_string(hide_password=False)
    settings = admin_settings.model_copy(update={"store_url": address})
    with pytest.MonkeyPatch.context() as patch:
        for name, value in secrets.items():
            patch.setenv(name, value)
        yield Bridge(assemble(settings, office, hints), hints, vk)


@pytest.fixture
def refused(
    bridge: Bridge, vk_url: str, roads: RedmineDesk, curator: RedmineDesk
) -> tuple[int, int]:
    """A comment and its issue, whose approved answer VK has refused for good."""
    sandbox = SandboxVk(vk_url)
    comment = sandbox.comment(ADMINISTRATION.owner_id, POST, CITIZENS[0].id, POTHOLE)
    ticket = bridge.take_in(comment)
    issue = ticket.issue_id or 0
    roads.move(issue, "review", {"answer_text": ANSWER})
    curator.move(issue, "approved")
    fault: dict[str, Any] = {"method": "wall.createComment", "kind": "error", "code": 213}
    sandbox.control("POST", "faults", {**fault, "times": 1})
    bridge.reconcile(ticket.id)
    assert bridge.answers_under(comment) == []
    return comment, issue


def test_an_answer_that_vk_refused_is_sent_again_by_a_press_and_stands_under_the_comment(
    visitor: Visitor,
    bridge: Bridge,
    refused: tuple[int, int],
    curator_user: StaffUser,
    curator: RedmineDesk,
) -> None:
    comment, issue = refused
    assert curator.read(issue).status == "manual_placement"
    visitor.log_in(curator_user)
    visitor.open("/admin/placement")
    assert ANSWER in visitor.text()
    assert "213" in visitor.text()
    visitor.assert_well_made()
    visitor.press("Отправить ещё раз…")
    visitor.press("Отправить ещё раз")
    assert "Поручено отправить ещё раз." in visitor.text()
    bridge.work_off()
    (answer,) = bridge.answers_under(comment)
    assert ANSWER in answer
    ticket = curator.read(issue)
    assert ticket.status == "placed"
    assert "reply=" in ticket.fields["answer_link"]
    assert any("Анна Куратова на странице «Размещение»" in note for note in ticket.notes)
    visitor.open("/admin/placement?list=done")
    assert ANSWER in visitor.text()


def test_every_trouble_is_shown_and_what_was_placed_by_hand_is_recorded(
    visitor: Visitor, store: Store
) -> None:
    filled = fill_placements(store, system_clock())
    visitor.open("/admin/placement")
    visitor.assert_well_made()
    visitor.screenshot("placement")
    with visitor.on_a_phone():
        visitor.open("/admin/placement")
        visitor.assert_fits()
        visitor.assert_accessible()
        visitor.screenshot("placement-phone")
    visitor.open("/admin/placement?list=failed")
    card = f"#delivery-{filled['failed']}"
    for summary in visitor.find_all(f"{card} summary"):
        summary.click()
    visitor.assert_accessible()
    visitor.screenshot("placement-actions")
    visitor.type(f"{card} input[name=link]", "https://vk.com/wall-1_2?reply=777")
    visitor.click(f"{card} form[action$='by-hand'] button")
    assert "ответ размещён вручную" in visitor.text(".flash")
    visitor.open("/admin/placement?list=tickets")
    visitor.assert_well_made()
    visitor.screenshot("placement-tickets")
