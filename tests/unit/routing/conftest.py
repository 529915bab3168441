from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.config.document import parse_document
from bridge.routing import DepartmentMapping, Router, load_mapping
from bridge.second_voice import TRAINING, ModelsFolder

SHIPPED = Path(__file__).parents[3] / "config"

BuildRouter = Callable[[str], Router]


@pytest.fixture(scope="session")
def default_mapping() -> DepartmentMapping:
    return load_mapping(SHIPPED / "departments.yaml")


@pytest.fixture(scope="session")
def router(default_mapping: DepartmentMapping) -> Router:
    """Rules alone."""
    return Router(default_mapping)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModelsFolder:
    """A folder of models that is filled once for all tests."""
    return ModelsFolder(tmp_path_factory.mktemp("models"), SHIPPED / TRAINING)


@pytest.fixture
def models_in_place(models: ModelsFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the models that are there already."""
    monkeypatch.setenv("BRIDGE_MODELS", str(models.models))


@pytest.fixture(scope="session")
def both_voices(router: Router, models: ModelsFolder) -> Router:
    return router.with_second_voice(models.find(router))


@pytest.fixture
def build_router() -> BuildRouter:
    """Build a router from a mapping written as YAML."""

    def build(yaml_text: str) -> Router:
        return Router(parse_document(yaml_text, DepartmentMapping, "departments.yaml"))

    return build
