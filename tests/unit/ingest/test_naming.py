"""Authors get a name where the event told none, and keep what it told where nobody knows more."""

from dataclasses import dataclass, field, replace

import pytest

from bridge.ingest.as_told import AsTold
from bridge.ingest.naming import NamingCompleter
from bridge.messages import Author
from tests.store_contract.rows import message

NAMELESS = Author("501", "", "https://ok.ru/profile/501")


@dataclass
class Directory:
    """Knows one name, and counts how often it is asked."""

    name: str = "Анна Найденная"
    asked: list[str] = field(default_factory=list)

    def find(self, external_id: str) -> Author:
        self.asked.append(external_id)
        return Author(external_id, self.name, "https://ok.ru/profile/501")


def test_a_name_that_the_event_does_not_tell_is_found() -> None:
    told = replace(message(), author=NAMELESS)

    assert NamingCompleter(Directory()).complete(told).author.name == "Анна Найденная"


def test_a_name_that_the_event_itself_tells_is_not_asked_for() -> None:
    directory = Directory()

    assert NamingCompleter(directory).complete(message()) == message()
    assert directory.asked == []


@pytest.mark.parametrize("completer", [NamingCompleter(Directory(name="")), AsTold()])
def test_an_author_whom_nobody_knows_stays_as_told(completer: NamingCompleter | AsTold) -> None:
    told = replace(message(), author=NAMELESS)

    assert completer.complete(told) == told
