"""The classifier: trained on examples, kept as a file, explained by words, done without."""

import json
from pathlib import Path

import numpy as np
import pytest

from bridge.config.document import ConfigError
from bridge.routing import Route, Router, RuleKind, explain_in_russian
from bridge.routing.classifier import Classifier
from bridge.routing.examples import read_examples
from bridge.routing.model_file import ModelDamaged, load, save
from bridge.second_voice import (
    SHIPPED_KEPT,
    ModelsFolder,
    NothingToLearnWith,
    OfficeRouter,
    train,
)
from tests.unit.routing.conftest import BuildRouter

MAPPING = """
departments:
- {key: roads, name: Дороги, keywords: [яма], topic_codes: ["11.2"]}
- {key: sport, name: Спорт, keywords: [каток]}
- {key: kirovsky, name: Кировский район, territory: {names: [кировский]}}
"""
SHIPPED = [
    ("кочки на дороге, машину трясёт", ["roads"]),
    ("кочка у перекрёстка", ["roads"]),
    ("тренер ушёл, секцию закрыли", ["sport"]),
    ("секция для детей", ["sport"]),
    ("праздник двора", ["kirovsky"]),
    ("спасибо за ответ", []),
    ("доброе утро", []),
]


@pytest.fixture
def rules(build_router: BuildRouter) -> Router:
    return build_router(MAPPING)


@pytest.fixture
def folder(tmp_path: Path) -> ModelsFolder:
    training = tmp_path / "training"
    training.mkdir()
    lines = [json.dumps({"text": text, "departments": keys}) for text, keys in SHIPPED]
    (training / "shipped.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return ModelsFolder(tmp_path / "models", training)


@pytest.fixture
def classifier(rules: Router, folder: ModelsFolder) -> Classifier:
    return train(rules, folder.examples(rules.mapping), "v1")


def routed(rules: Router, folder: ModelsFolder, text: str) -> Route:
    return OfficeRouter(folder, rules).route(text)


def test_words_that_no_rule_has_are_routed_by_likeness_and_shown(
    rules: Router, folder: ModelsFolder
) -> None:
    route = routed(rules, folder, "Опять эти кочки")
    assert route.departments == ("roads",)
    [reason] = route.reasons
    assert (reason.kind, reason.pattern) == (RuleKind.LIKENESS, route.model_version)
    assert "кочки" in reason.words
    told = explain_in_russian(route, rules.mapping)
    assert "по сходству с прежними обращениями: слова " in told
    assert "«кочки»" in told


def test_a_file_gives_back_the_same_judgement(
    rules: Router, classifier: Classifier, tmp_path: Path
) -> None:
    path = tmp_path / "folder" / "model.npz"
    save(classifier, path)
    text = "кочки и секция"
    assert load(path).judge(*rules.features(text)) == classifier.judge(*rules.features(text))
    assert [each.name for each in path.parent.iterdir()] == ["model.npz"]


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 broken"])
def test_a_damaged_file_is_told_and_made_anew(
    rules: Router, folder: ModelsFolder, content: bytes
) -> None:
    OfficeRouter(folder, rules).current()
    [path] = folder.models.iterdir()
    path.write_bytes(content)
    with pytest.raises(ModelDamaged, match=path.name):
        load(path)
    assert routed(rules, folder, "Опять эти кочки").departments == ("roads",)
    assert load(path).version


def test_a_file_that_would_run_code_when_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    np.savez(path, version=np.array([print], dtype=object))
    with pytest.raises(ModelDamaged, match="allow_pickle"):
        load(path)


def test_a_model_is_made_once_and_anew_when_messages_or_rules_change(
    rules: Router, folder: ModelsFolder, build_router: BuildRouter
) -> None:
    first = OfficeRouter(folder, rules).current().model_version
    assert OfficeRouter(folder, rules).current().model_version == first
    other = build_router(MAPPING.replace("[яма]", "[яма, ухаб]"))
    assert OfficeRouter(folder, other).current().model_version != first
    with (folder.training / "more.jsonl").open("w", encoding="utf-8") as file:
        file.write('{"text": "ухабы", "departments": ["roads"]}\n')
    assert OfficeRouter(folder, rules).current().model_version != first


def test_a_folder_that_cannot_be_written_does_not_keep_the_voice_from_speaking(
    rules: Router, folder: ModelsFolder, tmp_path: Path
) -> None:
    (tmp_path / "models").write_text("a file in the folder's place")
    assert routed(rules, folder, "Опять эти кочки").departments == ("roads",)


def test_the_offices_own_model_is_taken_up_when_it_comes(
    rules: Router, folder: ModelsFolder, classifier: Classifier
) -> None:
    router = OfficeRouter(folder, rules)
    assert router.current().model_version != "v1"
    save(classifier, folder.office_model)
    assert router.current().model_version == "v1"


def test_a_model_of_departments_that_the_office_no_longer_has_is_not_used(
    build_router: BuildRouter, folder: ModelsFolder, classifier: Classifier
) -> None:
    save(classifier, folder.office_model)
    smaller = build_router("departments: [{key: roads, name: Дороги, keywords: [яма]}]")
    assert OfficeRouter(folder, smaller).current().model_version != "v1"


def test_without_shipped_messages_rules_decide_alone(rules: Router, tmp_path: Path) -> None:
    folder = ModelsFolder(tmp_path / "models", tmp_path / "absent")
    route = routed(rules, folder, "яма")
    assert (route.departments, route.model_version) == (("roads",), "")


def test_too_little_to_learn_from_is_said(rules: Router, folder: ModelsFolder) -> None:
    roads = [each for each in folder.examples(rules.mapping) if "roads" in each.departments]
    with pytest.raises(NothingToLearnWith, match="nobody"):
        train(rules, roads, "v1")


@pytest.mark.parametrize(
    ("line", "right"), [("{", "is not JSON"), ('{"text": 1, "departments": []}', "right is")]
)
def test_a_wrong_example_is_told_by_file_and_line(tmp_path: Path, line: str, right: str) -> None:
    (tmp_path / "a.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"a\.jsonl:2: .*{right}"):
        read_examples(tmp_path)


def test_before_a_version_is_learnt_the_voice_that_is_at_hand_speaks_for_its_departments(
    rules: Router, build_router: BuildRouter, folder: ModelsFolder
) -> None:
    assert folder.at_hand(rules.mapping) is None
    learnt = folder.shipped(rules)
    assert learnt
    smaller = build_router(
        "departments: [{key: roads, name: Дороги}, {key: parks, name: Парки, keywords: [клумба]}]"
    )
    voice = folder.at_hand(smaller.mapping)
    assert voice
    assert voice.version == learnt.version
    assert set(voice.judge((), ()).margins) == {"roads"}
    route = smaller.with_second_voice(voice).route("Тренер ушёл, секцию закрыли")
    assert set(route.departments) <= {"roads", "parks"}
    assert len(list(folder.models.iterdir())) == 1


def test_a_voice_that_knows_none_of_the_departments_says_nothing(
    rules: Router, build_router: BuildRouter, folder: ModelsFolder
) -> None:
    folder.shipped(rules)
    others = build_router("departments: [{key: parks, name: Парки}]")
    assert folder.at_hand(others.mapping) is None


def test_models_of_older_versions_are_forgotten(
    build_router: BuildRouter, folder: ModelsFolder
) -> None:
    for number in range(SHIPPED_KEPT + 2):
        folder.shipped(build_router(f"{MAPPING}confidence_threshold: 0.{number + 1}\n"))
    assert len(list(folder.models.glob("*.npz"))) == SHIPPED_KEPT
