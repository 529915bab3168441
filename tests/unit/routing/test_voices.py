"""Rules and classifier weighed against each other."""

import pytest

from bridge.routing.verdict import Verdict
from bridge.routing.voices import concluded

OTHERS = {"roads": -1.0, "sport": -1.0, "housing": -1.0}


def verdict(nobody: float = -1.0, **margins: float) -> Verdict:
    return Verdict({**OTHERS, **margins}, nobody, lambda _department: ())


def test_where_rules_find_nothing_the_classifier_names_the_department() -> None:
    assert concluded({}, verdict(roads=0.6)).departments == ("roads",)


def test_strong_rules_outweigh_the_classifiers_doubt() -> None:
    assert concluded({"roads": 3.0}, verdict(roads=-0.6)).departments == ("roads",)


def test_weak_rules_give_way_to_a_classifier_that_is_sure_of_another() -> None:
    assert concluded({"sport": 0.6}, verdict(roads=0.9, sport=-0.9)).departments == ("roads",)


def test_weak_rules_give_way_when_the_message_is_like_those_that_concern_nobody() -> None:
    assert concluded({"sport": 0.6}, verdict(nobody=0.9, sport=-0.9)).departments == ()


def test_both_voices_together_are_surer_than_either() -> None:
    together = concluded({"roads": 1.5}, verdict(roads=0.6)).confidence
    rules_alone = concluded({"roads": 1.5}, verdict(roads=-0.5)).confidence
    likeness_alone = concluded({}, verdict(roads=0.6)).confidence
    assert together > max(rules_alone, likeness_alone)


def test_several_departments_are_named_with_the_likeliest_first() -> None:
    opinion = concluded({"roads": 2.5, "sport": 2.4}, verdict(roads=0.2, sport=0.1))
    assert opinion.departments == ("roads", "sport")


@pytest.mark.parametrize("nobody", [-2.0, 0.0, 2.0])
def test_confidence_is_a_probability(nobody: float) -> None:
    opinion = concluded({"roads": 9.0}, verdict(nobody=nobody, roads=5.0))
    assert 0 <= opinion.confidence <= 1


def test_a_department_that_the_model_never_met_is_left_to_its_rules() -> None:
    assert concluded({"parks": 3.0}, verdict()).departments == ("parks",)
