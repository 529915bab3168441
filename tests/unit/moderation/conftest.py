from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.config.document import parse_document
from bridge.moderation import Lexicon, Moderator, load_lexicon

DEFAULT_LEXICON = Path(__file__).parents[3] / "config" / "moderation.yaml"

BuildModerator = Callable[[str], Moderator]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(DEFAULT_LEXICON)


@pytest.fixture(scope="session")
def moderator(lexicon: Lexicon) -> Moderator:
    return Moderator(lexicon)


@pytest.fixture
def build_moderator() -> BuildModerator:
    """Build a moderator from a lexicon written as YAML."""

    def build(yaml_text: str) -> Moderator:
        return Moderator(parse_document(yaml_text, Lexicon, "moderation.yaml"))

    return build
