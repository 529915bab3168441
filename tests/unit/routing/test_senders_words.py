"""What Incident Management and MSS say of a message: its rubric and its district."""

import pytest

from bridge.routing import Router, RuleKind, explain_in_russian
from tests.unit.routing.conftest import BuildRouter

MAPPING = """
departments:
- {key: roads, name: Дороги, keywords: [яма], topic_codes: ["11.2", Дороги]}
- {key: housing, name: ЖКХ, keywords: [подъезд]}
- {key: kirovsky, name: Кировский район, territory: {names: [кировский район, закамск]}}
"""


@pytest.fixture
def router(build_router: BuildRouter) -> Router:
    return build_router(MAPPING)


def test_a_rubric_names_its_department_though_the_text_names_none(router: Router) -> None:
    route = router.route("когда это кончится", topics=("99", "11.2"))
    assert route.departments == ("roads",)
    [reason] = route.reasons
    assert (reason.kind, reason.words) == (RuleKind.TOPIC, ("11.2",))
    assert "по рубрике отправителя «11.2»" in explain_in_russian(route, router.mapping)


def test_a_rubric_counts_more_than_a_word_of_the_text(router: Router) -> None:
    assert router.route("вышел из подъезда", topics=("Дороги",)).departments[0] == "roads"


def test_rubrics_that_the_mapping_does_not_know_say_nothing(router: Router) -> None:
    assert router.route("добрый день", topics=("иное",)).departments == ()


def test_the_senders_district_counts_where_neither_text_nor_rubric_says_more(
    router: Router,
) -> None:
    route = router.route("сделайте праздник", district="Кировский")
    assert route.departments == ("kirovsky",)
    assert route.reasons[0].words == ("Кировский", "район")
    assert router.route("яма", district="Кировский").departments == ("roads",)
    assert router.route("сделайте", ("11.2",), "Кировский").departments == ("roads",)
