"""The picture of a policy tells which duty follows which, and which is longer."""

from itertools import chain

import pytest

from bridge.admin.policies.drawing import WIDTH, draw
from bridge.admin.policies.duties import duties_of
from bridge.config.document import load_document
from bridge.settings import PROJECT
from bridge.sla.policy import Policy, SlaSettings

FILES = [PROJECT / "config" / "sla.yaml", *sorted((PROJECT / "config" / "examples").glob("sla-*"))]
POLICIES = list(chain(*(load_document(path, SlaSettings).by_key.values() for path in FILES)))
PERM = load_document(FILES[0], SlaSettings).by_key


@pytest.mark.parametrize("policy", POLICIES, ids=[policy.key for policy in POLICIES])
def test_every_duty_has_a_bar_that_stays_in_the_picture(policy: Policy) -> None:
    picture = draw(duties_of(policy))
    assert len(picture.bars) == len(duties_of(policy))
    for bar in picture.bars:
        assert picture.left <= bar.x < bar.end <= WIDTH
        assert all(bar.x <= mark <= bar.end for mark in bar.marks)


def test_a_duty_begins_where_the_one_before_it_ends() -> None:
    bars = {bar.title: bar for bar in draw(duties_of(PERM["head-feed"])).bars}
    assert bars["Подготовка ответа"].x == pytest.approx(bars["Направление исполнителю"].end, 0.01)
    assert bars["Размещение ответа"].x == pytest.approx(bars["Подготовка ответа"].end, 0.01)
    assert bars["Промежуточный ответ"].end == bars["Подготовка ответа"].end


def test_a_longer_term_has_a_longer_bar() -> None:
    bars = {bar.title: bar for bar in draw(duties_of(PERM["head-feed"])).bars}
    titles = ("Размещение ответа", "Направление исполнителю", "Подготовка ответа")
    widths = [bars[title].width for title in (*titles, "Ответ с фотографиями")]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)


def test_a_warning_stands_where_it_comes() -> None:
    (routing, *_) = draw(duties_of(PERM["head-feed"])).bars
    places = [(mark - routing.x) / routing.width for mark in routing.marks]
    assert places == pytest.approx([45 / 60, 55 / 60], abs=0.01)
