"""The outbox: an effect is stored once, goes out in order, and its end is final."""

from typing import Any

import pytest

from bridge.store import outbox
from bridge.store.database import Store
from bridge.store.models import EffectRow, EffectState
from tests.store_contract.rows import minutes, new_ticket

KIND = "place_answer"


class OutboxContract:
    def test_what_is_decided_twice_is_stored_once(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1", text="первый")
        _add(store, ticket, "place:1", text="второй")
        (effect,) = _effects(store, ticket)
        assert effect.payload == {"text": "первый"}

    @pytest.mark.scenario(18)
    def test_two_tickets_may_have_effects_of_one_key(self, store: Store) -> None:
        for number in (1, 2):
            ticket = new_ticket(store, number)
            _add(store, ticket, "place:1")
            assert len(_effects(store, ticket)) == 1

    def test_what_waits_and_is_no_longer_wanted_is_withdrawn(self, store: Store) -> None:
        ticket = new_ticket(store)
        for key in ("place:1", "place:2", "place:3"):
            _add(store, ticket, key)
        _begin(store, ticket, "place:1")
        with store.writing() as session:
            outbox.withdraw_others(session, ticket, {"place:3"}, {KIND})
        assert _states(store, ticket) == {
            "place:1": EffectState.SENDING,
            "place:2": EffectState.WITHDRAWN,
            "place:3": EffectState.PENDING,
        }

    def test_another_tickets_effects_are_not_withdrawn(self, store: Store) -> None:
        ticket, other = new_ticket(store, 1), new_ticket(store, 2)
        _add(store, other, "place:1")
        with store.writing() as session:
            outbox.withdraw_others(session, ticket, set(), {KIND})
        assert _states(store, other) == {"place:1": EffectState.PENDING}

    def test_what_was_withdrawn_comes_back_when_it_is_wanted_again(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1")
        with store.writing() as session:
            outbox.withdraw_others(session, ticket, set(), {KIND})
            assert outbox.first_open(session, ticket, KIND) is None
        _add(store, ticket, "place:1", at=7)
        (effect,) = _effects(store, ticket)
        assert (effect.state, effect.next_attempt_at) == (EffectState.PENDING, minutes(7))

    @pytest.mark.scenario(19)
    @pytest.mark.parametrize("state", [EffectState.DONE, EffectState.FAILED, EffectState.UNCERTAIN])
    def test_what_has_ended_never_begins_again(self, store: Store, state: EffectState) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1")
        _finish(store, ticket, "place:1", state)
        _add(store, ticket, "place:1")
        with store.writing() as session:
            outbox.withdraw_others(session, ticket, set(), {KIND})
            assert outbox.first_open(session, ticket, KIND) is None
            assert outbox.next_attempt(session, ticket) is None
        assert _states(store, ticket) == {"place:1": state}

    def test_effects_go_out_in_the_order_in_which_they_were_decided(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:2", at=1)
        _add(store, ticket, "place:1", at=0)
        with store.reading() as session:
            first = outbox.first_open(session, ticket, KIND)
        assert first is not None
        assert first.key == "place:2"

    def test_a_begun_call_is_counted_and_dated(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1")
        _begin(store, ticket, "place:1", at=3)
        with store.reading() as session:
            (effect,) = outbox.sending(session, ticket, KIND)
        assert (effect.attempts, effect.sending_since) == (1, minutes(3))

    def test_a_postponed_effect_waits_until_its_time(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1")
        effect = _begin(store, ticket, "place:1")
        with store.writing() as session:
            outbox.postpone(session, effect, minutes(9), "6", "Слишком часто.")
            assert outbox.next_attempt(session, ticket) == minutes(9)
            assert outbox.tickets_due(session, minutes(8), 10) == []
            assert outbox.tickets_due(session, minutes(9), 10) == [ticket]
        assert _states(store, ticket) == {"place:1": EffectState.PENDING}

    def test_an_unknown_outcome_stays_unknown_while_one_waits_to_look(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1")
        effect = _begin(store, ticket, "place:1")
        with store.writing() as session:
            outbox.postpone_look(session, effect, minutes(2), "unknown", "")
        assert _states(store, ticket) == {"place:1": EffectState.SENDING}

    def test_the_ticket_that_has_waited_longest_is_due_first(self, store: Store) -> None:
        late, early = new_ticket(store, 1), new_ticket(store, 2)
        _add(store, late, "place:1", at=5)
        _add(store, early, "place:1", at=1)
        _add(store, early, "place:2", at=8)
        with store.reading() as session:
            assert outbox.tickets_due(session, minutes(6), 10) == [early, late]
            assert outbox.tickets_due(session, minutes(6), 1) == [early]

    def test_failures_are_told_of_the_effects_that_are_still_wanted(self, store: Store) -> None:
        ticket = new_ticket(store)
        for key in ("place:1", "place:2"):
            _add(store, ticket, key)
            _finish(store, ticket, key, EffectState.FAILED)
        with store.reading() as session:
            failures = outbox.failures(session, ticket, {"place:2", "place:3"})
        assert [(failure.key, failure.meaning) for failure in failures] == [
            ("place:2", "Нет прав.")
        ]

    def test_russian_text_and_results_come_back_as_they_were(self, store: Store) -> None:
        ticket = new_ticket(store)
        _add(store, ticket, "place:1", text="«Ёж» 🦔\n\u2014 да")
        _finish(store, ticket, "place:1", EffectState.DONE)
        (effect,) = _effects(store, ticket)
        assert effect.payload == {"text": "«Ёж» 🦔\n\u2014 да"}
        assert effect.result == {"link": "https://vk.com/1"}


def _add(store: Store, ticket: int, key: str, at: float = 0, **payload: Any) -> None:
    with store.writing() as session:
        outbox.add(
            session,
            ticket_id=ticket,
            key=key,
            kind=KIND,
            channel="vk-head",
            payload=payload,
            now=minutes(at),
        )


def _begin(store: Store, ticket: int, key: str, at: float = 0) -> int:
    effect = _by_key(store, ticket)[key].id
    with store.writing() as session:
        outbox.begin_sending(session, effect, minutes(at))
    return effect


def _finish(store: Store, ticket: int, key: str, state: EffectState) -> None:
    with store.writing() as session:
        outbox.finish(
            session,
            _by_key(store, ticket)[key].id,
            state=state,
            now=minutes(1),
            result={"link": "https://vk.com/1"},
            code="15",
            meaning="Нет прав.",
        )


def _effects(store: Store, ticket: int) -> list[EffectRow]:
    with store.reading() as session:
        return list(outbox.of_kind(session, ticket, KIND))


def _by_key(store: Store, ticket: int) -> dict[str, EffectRow]:
    return {effect.key: effect for effect in _effects(store, ticket)}


def _states(store: Store, ticket: int) -> dict[str, str]:
    return {key: effect.state for key, effect in _by_key(store, ticket).items()}
