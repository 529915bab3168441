"""Attachments: each is downloaded by one worker at a time, kept until it is attached, told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy.orm import Session

from bridge.store import attachments, outbox
from bridge.store.attachments import Stored
from bridge.store.database import Store
from bridge.store.models import AttachmentRow, EffectState, MessageRow, TicketRow
from tests.store_contract.rows import NOW, add_ticket, minutes

LATER = minutes(2)


class AttachmentsContract:
    def test_a_message_has_each_of_its_files_downloaded_once(self, store: Store) -> None:
        _bring(store, "https://a/1", "https://a/2", "https://a/1")
        _bring(store, "https://a/2", "https://a/3")
        assert _due(store) == [1, 2, 3]

    def test_a_message_with_absurd_attachments_is_stored_all_the_same(self, store: Store) -> None:
        with store.writing() as session:
            row = session.get_one(MessageRow, add_ticket(session).message_id)
            row.attachments = [
                {"kind": "k" * 2000, "url": f"https://a/{number}", "title": "t" * 2000}
                for number in range(1000)
            ]
            attachments.add(session, row, NOW)
        with store.reading() as session:
            assert len(attachments.due(session, NOW, 1000)) == 50

    def test_an_attempt_is_one_workers(self, store: Store) -> None:
        _bring(store, "https://a/1")
        together = Barrier(2)

        def claim(_: int) -> bool:
            together.wait(10)
            with store.writing() as session:
                return attachments.claim(session, 1, NOW, LATER) is not None

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(claim, range(2))) == [False, True]
        assert _due(store) == []
        with store.reading() as session:
            assert attachments.due(session, LATER, 10) == [1]

    def test_a_file_is_kept_as_it_is_until_the_helpdesk_has_it(self, store: Store) -> None:
        ticket = _bring(store, "https://a/1")
        content = bytes(range(256)) * 4
        _write(store, lambda session: attachments.keep(session, 1, _stored(content)))
        assert _due(store) == []
        with store.reading() as session:
            assert attachments.content(session, 1) == content
            assert attachments.size_of_message(session, ticket.message_id) == len(content)
            assert attachments.has(session, ticket.message_id, "digest")
            assert attachments.to_bring(session, ticket) == [1]
        _write(store, lambda session: attachments.hand_over(session, [1]))
        with store.reading() as session:
            assert attachments.content(session, 1) is None
            assert attachments.has(session, ticket.message_id, "digest")
            assert session.get_one(AttachmentRow, 1).state == "attached"

    def test_a_ticket_is_to_have_a_file_until_there_is_an_effect_for_it(self, store: Store) -> None:
        ticket, other = _bring(store, "https://a/1"), _bring(store, "https://a/2", number=2)
        for number in (1, 2):
            _write(store, lambda session, n=number: attachments.keep(session, n, _stored()))
        _want(store, ticket, 1)
        with store.reading() as session:
            assert attachments.to_bring(session, ticket) == []
            assert attachments.to_bring(session, other) == [2]
            assert attachments.holders(session, 1) == []

    def test_the_issues_that_hold_a_file_are_those_where_its_effect_is_done(
        self, store: Store
    ) -> None:
        ticket = _bring(store, "https://a/1")
        _want(store, ticket, 1)
        with store.writing() as session:
            session.get_one(TicketRow, ticket.id).issue_id = 77
            (effect,) = outbox.due(session, ticket.id, "attach_file", NOW)
            outbox.finish(session, effect.id, state=EffectState.DONE, now=NOW)
        with store.reading() as session:
            assert attachments.holders(session, 1) == [77]
            assert outbox.keys_done(session, ticket.id, "attach:") == ["attach:1"]
            assert outbox.keys_done(session, ticket.id, "attach_") == []

    def test_what_is_missing_is_told_when_none_of_the_messages_files_waits(
        self, store: Store
    ) -> None:
        ticket = _bring(store, "https://a/1", "https://a/2")
        other = _bring(store, "https://a/3", number=2)
        _write(store, lambda session: attachments.refuse(session, 1, "истекла"))
        assert _missing(store, ticket) == []
        _write(store, lambda session: attachments.keep(session, 2, _stored()))
        assert _missing(store, ticket) == [(1, "истекла")]
        _want(store, ticket, 2)
        with store.writing() as session:
            (effect,) = outbox.due(session, ticket.id, "attach_file", NOW)
            outbox.finish(
                session, effect.id, state=EffectState.FAILED, now=NOW, meaning="не сохранил"
            )
        assert _missing(store, ticket) == [(1, "истекла"), (2, "не сохранил")]
        assert _missing(store, other) == []

    def test_files_go_to_the_messages_own_ticket(self, store: Store) -> None:
        ticket = _bring(store, "https://a/1")
        with store.reading() as session:
            assert attachments.ticket_of(session, ticket.message_id) == ticket.id
            assert attachments.ticket_of(session, 999) is None


def _bring(store: Store, *urls: str, number: int = 1) -> TicketRow:
    """A message that brings files; the same one again with others, when it is there."""
    with store.writing() as session:
        ticket = session.get(TicketRow, number) or add_ticket(session, number)
        row = session.get_one(MessageRow, ticket.message_id)
        row.attachments = [{"kind": "photo", "url": url, "title": ""} for url in urls]
        attachments.add(session, row, NOW)
    return ticket


def _stored(content: bytes = b"picture") -> Stored:
    return Stored(content, "image/jpeg", "Фото-1.jpg", "digest")


def _write(store: Store, what: Callable[[Session], None]) -> None:
    with store.writing() as session:
        what(session)


def _want(store: Store, ticket: TicketRow, number: int) -> None:
    with store.writing() as session:
        outbox.add(
            session,
            ticket_id=ticket.id,
            key=attachments.effect_key(number),
            kind="attach_file",
            channel=None,
            payload={"attachment": number},
            now=NOW,
        )


def _due(store: Store) -> list[int]:
    with store.reading() as session:
        return list(attachments.due(session, NOW, 10))


def _missing(store: Store, ticket: TicketRow) -> list[tuple[int, str]]:
    with store.reading() as session:
        return [(row.id, reason) for row, reason in attachments.missing(session, ticket)]
