"""What `deploy/` has Grafana show and Prometheus alert by is really told by `/metrics`."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

from bridge.calls import Call, Outcome
from bridge.counters import Counters
from bridge.flow.queue import QUEUES
from bridge.flow.queue_figures import QueueFigures
from bridge.settings import PROJECT
from bridge.store.database import Store
from bridge.web.queue_gauges import QueueState, families
from bridge.web.store_figures import StoreFigures
from tests.store_contract.busy_store import fill
from tests.store_contract.rows import NOW

DASHBOARD = json.loads((PROJECT / "deploy/grafana/bridge.json").read_text())
ALERTS = yaml.safe_load((PROJECT / "deploy/prometheus/alerts.yml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS = [target for panel in PANELS for target in panel["targets"]]
SECTIONS = (
    "Приём",
    "Очередь",
    "Сроки",
    "Размещение",
    "Внешние системы",
    "Сверка",
    "Каналы",
)

FIGURE = re.compile(r"\b(bridge_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"')
GROUPING = re.compile(r"\b(?:by|without)\s*\(([^)]*)\)")
LABEL_SHOWN = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
AUTOMATIC = {"le", "job"}

Told = dict[str, set[str]]
"""Labels by the sample's name."""


class BusyQueue:
    """What a Redis with work in it would tell."""

    def collect(self) -> Iterator[Metric]:
        return families(QueueState([QueueFigures(name, 1, 2.0, 3) for name in QUEUES], workers=2))


@pytest.fixture
def told(store: Store) -> Told:
    """All that a busy bridge tells."""
    fill(store)
    counters = Counters()
    counters.callback("vk-head", "stored")
    counters.webhook("stored")
    counters.call(Call("vk", "wall.get", Outcome.OK, 0.1))
    registry = CollectorRegistry()
    for collector in (counters, StoreFigures(store, lambda: NOW), BusyQueue()):
        registry.register(collector)
    samples: Told = {}
    for family in registry.collect():
        for sample in family.samples:
            samples.setdefault(sample.name, set()).update(sample.labels)
    return samples


def unknown_figures(expression: str, told: Told) -> list[str]:
    """Figures and labels of an expression that are not told."""
    unknown = []
    labels: set[str] = set()
    for name, matchers in FIGURE.findall(expression):
        if name not in told:
            unknown.append(name)
            continue
        labels |= told[name]
        wanted = set(MATCHER.findall(matchers))
        unknown += [f"{name}.{label}" for label in wanted - told[name] - AUTOMATIC]
    for names in GROUPING.findall(expression):
        grouped = {name.strip() for name in names.split(",")}
        unknown += [f"by {label}" for label in grouped - labels - AUTOMATIC]
    return unknown


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alert_uses_only_what_is_told(rule: dict[str, Any], told: Told) -> None:
    assert unknown_figures(rule["expr"], told) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alert_says_in_russian_what_happened_and_what_to_do(rule: dict[str, Any]) -> None:
    texts = [rule["annotations"][name] for name in ("summary", "description", "action")]
    assert all(CYRILLIC.search(text) for text in texts[:2])
    assert texts[2]
    assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    shown = set(LABEL_SHOWN.findall(" ".join(texts)))
    grouped = {
        name.strip() for names in GROUPING.findall(rule["expr"]) for name in names.split(",")
    }
    assert shown <= grouped


def test_panels_show_only_what_is_told(told: Told) -> None:
    unknown = {target["expr"]: unknown_figures(target["expr"], told) for target in TARGETS}
    assert {expression: names for expression, names in unknown.items() if names} == {}


def test_every_figure_is_shown_or_alerted_by(told: Told) -> None:
    expressions = " ".join(
        [*(rule["expr"] for rule in RULES), *(target["expr"] for target in TARGETS)]
    )
    used = {name for name, _ in FIGURE.findall(expressions)}
    suffixes = ("_created", "_sum", "_bucket", "_count")
    plain = {name for name in told if not name.endswith(suffixes)}
    assert plain - used == set()


def test_dashboard_has_its_sections_and_russian_titles() -> None:
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert tuple(rows) == SECTIONS
    assert [panel["title"] for panel in PANELS if not CYRILLIC.search(panel["title"])] == ["Redis"]


def test_dashboard_lays_out_its_panels_without_overlap() -> None:
    numbers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(numbers) == len(set(numbers))
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (column, line)
            for column in range(place["x"], place["x"] + place["w"])
            for line in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells
