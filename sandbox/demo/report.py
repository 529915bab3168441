"""What the demonstration shows at its end: tables of what was played, addresses and log-ins."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bridge.sla.clocks import CURATOR, Clock, Verdict
from bridge.sla.wording import CLOCK_TITLES, cited
from sandbox.demo.acts.act import Keepsake
from sandbox.demo.play import COMMENT, Outcome
from sandbox.demo.scene import Scene
from sandbox.exchange.model import TITLES
from sandbox.ok.seed import GROUPS
from sandbox.vk.seed import COMMUNITIES

_VERDICTS = {
    Verdict.IN_TIME: "[green]in time[/green]",
    Verdict.LATE: "[red]late[/red]",
    Verdict.CANCELLED: "cancelled",
}


def show_outcome(console: Console, scene: Scene, outcome: Outcome) -> None:
    """Print the message, its ticket, the department, the clocks and the link."""
    facts = _two_columns("The main job")
    facts.add_row("Message", f"«{COMMENT}»\n{outcome.comment_link}")
    facts.add_row("Ticket", f"№ {outcome.issue_id}  {scene.issue_link(outcome.issue_id)}")
    facts.add_row("Department", outcome.department)
    facts.add_row("Answer", outcome.answer_link)
    console.print()
    console.print(facts)
    console.print(_clock_table(outcome.clocks, outcome.department, scene.ledger.zone))


def show_keepsakes(console: Console, scene: Scene, keepsakes: Iterable[Keepsake]) -> None:
    """Print what each act left behind."""
    console.print()
    for kept in keepsakes:
        facts = _two_columns(kept.title)
        facts.add_row("Message", kept.message_link)
        facts.add_row("Tickets", "\n".join(map(scene.issue_link, kept.issue_ids)))
        facts.add_row("Answer", kept.outcome)
        console.print(facts)


def show_addresses(console: Console, scene: Scene) -> None:
    """Print where everything is, and the log-ins."""
    places = _two_columns("Look around")
    walls = [f"{scene.vk.url}/wall{seed.owner_id}  {seed.community.name}" for seed in COMMUNITIES]
    places.add_row("VK", "\n".join([*walls, f"{scene.vk.url}/deliveries  callbacks"]))
    groups = [f"{scene.ok.url}/group/{seed.id}  {seed.group.name}" for seed in GROUPS]
    places.add_row("OK", "\n".join([*groups, f"{scene.ok.url}/deliveries  webhooks"]))
    systems = [f"{scene.exchange.url}/{system}  {title}" for system, title in TITLES.items()]
    places.add_row("Cards", "\n".join(systems))
    places.add_row("Redmine", f"{scene.redmine_url}/projects/{scene.project}/issues")
    for colleague in scene.staff.everybody():
        login = f"log-in {colleague.user.login}, password {colleague.user.password}"
        places.add_row("", f"{login}  {colleague.name}, {colleague.group}")
    administrator = scene.staff.administrator
    if administrator:
        login = f"log-in {administrator.login}, password {administrator.password}"
        places.add_row("", f"{login}  administrator")
    places.add_row("Pages", f"{scene.admin_url}  (log in as the curator or the administrator)")
    places.add_row("Bridge", f"{scene.bridge.url}/readyz\n{scene.bridge.url}/metrics")
    places.add_row("Logs", str(scene.bridge.log))
    console.print()
    console.print(places)


def _two_columns(title: str) -> Table:
    table = Table(title=title, title_justify="left", show_header=False, box=None)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _clock_table(clocks: tuple[Clock, ...], department: str, zone: ZoneInfo) -> Table:
    table = Table(title="Clocks", title_justify="left")
    for heading in ("Clock", "Clause", "Holder", "Start", "Due", "Stop", "Verdict"):
        table.add_column(heading, overflow="fold")
    for clock in clocks:
        table.add_row(
            CLOCK_TITLES[clock.kind],
            cited(clock.clause),
            "Куратор" if clock.holder == CURATOR else department,
            _moment(clock.start, zone),
            _moment(clock.due, zone),
            _moment(clock.stop, zone) if clock.stop else "",
            _VERDICTS[clock.verdict] if clock.verdict else "running",
        )
    return table


def _moment(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%d.%m.%Y %H:%M:%S}"
