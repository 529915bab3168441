"""A store as the first release left it: its tables, its columns, its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, text

from bridge.store.database import Store
from bridge.store.schema import revisions, tables_of, upgrade_to
from bridge.store.table_rows import reflect
from tests.store_contract.rows import NOW, minutes

FIRST = revisions()[0]
DIALOG = "im1_501"


@dataclass(frozen=True)
class FirstRelease:
    """A connection to a store of the first release."""

    connection: Connection

    def add(self, table: str, **values: Any) -> int:
        """A row; its number, where the table has one."""
        (reflected,) = reflect_one(self.connection, table)
        result = self.connection.execute(insert(reflected).values(values))
        return int((result.inserted_primary_key or (0,))[0] or 0) if "id" in reflected.c else 0

    def ticket(self, number: int, *, closed: bool = False, **message: Any) -> int:
        """A ticket with its message and event, as intake stored them."""
        event = self.add(
            "inbox_event",
            source="vk-head",
            external_id=f"e{number}",
            kind="wall_reply_new",
            body="{«яма»}".encode(),
            received_at=NOW,
            state="processed",
            reason="",
            attempts=0,
            finished_at=minutes(1),
        )
        usual = {
            "visibility": "feed",
            "external_id": f"wall-1_2_r{number}",
            "address": {"owner_id": -1, "post_id": 2, "comment_id": number},
        }
        values = usual | message
        message_id = self.add(
            "message",
            inbox_event_id=event,
            channel="vk-head",
            network="vk",
            author_id="501",
            author_name="Анна Петрова",
            author_link="https://vk.com/id501",
            text="Яма на дороге 😡",
            link=f"https://vk.com/wall-1_2?reply={number}",
            attachments=[{"kind": "photo", "url": "https://vk.com/photo1", "title": "яма"}],
            posted_at=NOW,
            received_at=NOW,
            **values,
        )
        return self.add(
            "ticket",
            message_id=message_id,
            external_number=f"vk:{values['visibility']}:{values['external_id']}",
            department="roads",
            route={
                "departments": ["roads"],
                "confidence": 0.9,
                "mapping_version": "a1b2",
                "explanation": "Подразделение: дороги.",
            },
            policy="head-feed",
            issue_id=number,
            created_at=NOW,
            closed=closed,
            status="placed" if closed else "assigned",
            observed_update=minutes(2),
            observed_journal=number,
            reconciled_at=minutes(2),
            attention="",
            attempts=0,
            look_at=minutes(60),
            hints=0,
            lease_owner=None,
            lease_until=None,
        )

    def effect(self, ticket: int, key: str, kind: str, state: str, **values: Any) -> int:
        """An effect in a state."""
        usual: Mapping[str, Any] = {
            "channel": "vk-head" if kind == "place_answer" else None,
            "payload": {},
            "attempts": 1,
            "created_at": NOW,
            "next_attempt_at": minutes(5),
            "sending_since": minutes(5),
            "finished_at": None,
            "result": {},
            "code": "",
            "meaning": "",
        }
        return self.add(
            "outbox", ticket_id=ticket, key=key, kind=kind, state=state, **{**usual, **values}
        )

    def placement(self, ticket: int, state: str, finished_at: datetime | None) -> int:
        """The placement of an answer; of one that is done it is known where it stands."""
        link = {"link": "https://vk.com/wall-1_2?reply=77", "external_id": "77"}
        return self.effect(
            ticket,
            "place:7",
            "place_answer",
            state,
            payload={"key": "place:7", "approval": 7, "text": "Яма засыпана."},
            finished_at=finished_at,
            result=link if state == "done" else {},
        )

    def rest(self, ticket: int) -> None:
        """A row in every further table."""
        self.add(
            "clock",
            ticket_id=ticket,
            key="answer:1",
            kind="answer",
            clause="3.2.1",
            holder="roads",
            policy="head-feed",
            policy_version="p",
            calendar_version="c",
            start=NOW,
            due=minutes(240),
            stop=None,
            verdict=None,
            cause="",
            explanation="4 ч подряд",
        )
        self.add(
            "decision",
            ticket_id=ticket,
            at=minutes(2),
            trigger="message",
            journal_id=None,
            summary={"effects": ["create"], "clocks": {"answer:1": "running"}},
        )
        self.add("sweep_repair", ticket_id=ticket, at=minutes(3), changed_at=minutes(2))
        self.add("cursor", name="helpdesk_changes", instant=minutes(3))
        self.add(
            "channel_state",
            channel="vk-head",
            state="paused",
            since=NOW,
            until=minutes(10),
            code="9",
            meaning="Слишком часто.",
        )


def reflect_one(connection: Connection, name: str):  # type: ignore[no-untyped-def]
    """The table by itself; the ones that it refers to come with it."""
    return [table for table in reflect(connection, [name]) if table.name == name]


def make_first_release(store: Store) -> None:
    """The tables of the first release, in a store that has none."""
    with store.transaction() as connection:
        upgrade_to(connection, FIRST)


def count_rows(connection: Connection, revision: str) -> dict[str, int]:
    """Of each table of that revision."""
    return {
        name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0  # noqa: S608 - ours
        for name in tables_of(revision)
    }
