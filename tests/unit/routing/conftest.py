from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.config.document import parse_document
from bridge.routing import DepartmentMapping, Router, load_mapping

DEFAULT_MAPPING = Path(__file__).parents[3] / "config" / "departments.yaml"

BuildRouter = Callable[[str], Router]


@pytest.fixture(scope="session")
def default_mapping() -> DepartmentMapping:
    return load_mapping(DEFAULT_MAPPING)


@pytest.fixture(scope="session")
def router(default_mapping: DepartmentMapping) -> Router:
    return Router(default_mapping)


@pytest.fixture
def build_router() -> BuildRouter:
    """Build a router from a mapping written as YAML."""

    def build(yaml_text: str) -> Router:
        return Router(parse_document(yaml_text, DepartmentMapping, "departments.yaml"))

    return build
