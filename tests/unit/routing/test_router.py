"""The rules one by one, on mappings small enough to read."""

import time
from collections.abc import Callable

import pytest

from bridge.routing import Router, RuleKind

BuildRouter = Callable[[str], Router]

HOUSING_AND_ECOLOGY = """
departments:
  - {key: housing, name: ЖКХ, keywords: [свалка, подъезд], hints: [труба, вода]}
  - {key: ecology, name: Экология, phrases: [свалка лес], exclusions: [лес рука]}
"""


def test_keyword_is_met_in_any_form_and_its_words_are_told_as_written(
    build_router: BuildRouter,
) -> None:
    route = build_router(HOUSING_AND_ECOLOGY).route("Кошмар в ПОДЪЕЗДАХ!")

    (reason,) = route.reasons
    assert route.departments == ("housing",)
    assert reason.department == "housing"
    assert reason.rule == "keyword: подъезд"
    assert reason.words == ("ПОДЪЕЗДАХ",)


def test_word_of_a_longer_phrase_does_not_name_another_department(
    build_router: BuildRouter,
) -> None:
    router = build_router(HOUSING_AND_ECOLOGY)

    assert router.route("свалка").departments == ("housing",)
    assert router.route("в лесу огромная свалка").departments == ("ecology",)


def test_phrase_needs_its_words_close_together(build_router: BuildRouter) -> None:
    router = build_router(
        "departments: [{key: housing, name: ЖКХ, phrases: [батарея ледяной|холодный]}]"
    )

    assert router.route("холодные совсем у нас батареи").departments == ("housing",)
    assert router.route("батареи есть, но утро выдалось на редкость холодное").departments == ()


def test_one_hint_is_not_enough_and_two_different_ones_are(build_router: BuildRouter) -> None:
    router = build_router(HOUSING_AND_ECOLOGY)

    assert router.route("вода, вода, кругом вода").departments == ()
    route = router.route("вода хлещет, лопнула труба")
    assert route.departments == ("housing",)
    assert route.reasons[0].kind is RuleKind.HINTS
    assert route.reasons[0].words == ("вода", "труба")


def test_hints_far_apart_do_not_support_each_other(build_router: BuildRouter) -> None:
    assert build_router(HOUSING_AND_ECOLOGY).route("вода" + " и" * 30 + " труба").departments == ()


def test_exclusion_silences_its_words_for_its_department_only(build_router: BuildRouter) -> None:
    router = build_router(
        """
        departments:
          - {key: roads, name: Дороги, keywords: [дорога], exclusions: [железный дорога]}
          - {key: transport, name: Транспорт, phrases: [железный дорога]}
        """
    )

    assert router.route("железная дорога").departments == ("transport",)
    assert router.route("дорога").departments == ("roads",)


def test_weak_keyword_counts_only_when_nothing_else_is_named(build_router: BuildRouter) -> None:
    router = build_router(
        """
        departments:
          - {key: ecology, name: Экология, weak_keywords: [вонь]}
          - {key: housing, name: ЖКХ, keywords: [подвал]}
        """
    )

    assert router.route("ну и вонь").departments == ("ecology",)
    assert router.route("ну и вонь, подвал не открыть").departments == ("housing",)


PLACES = """
landmarks:
  {words: [школа], scenes: [двор], prepositions: [возле], scene_prepositions: [в, во]}
departments:
  - {key: education, name: Образование, keywords: [школа]}
  - {key: housing, name: ЖКХ, keywords: [двор]}
  - {key: roads, name: Дороги, keywords: [яма]}
"""


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("яма возле нашей школы", ("roads",)),
        ("возле школы", ("education",)),
        ("дети идут в школу, там яма", ("roads",)),
        ("в школе и вокруг яма", ("education", "roads")),
        ("во дворе яма", ("roads",)),
        ("безобразие во дворе", ("housing",)),
    ],
)
def test_place_that_only_says_where_is_not_the_matter(
    build_router: BuildRouter, text: str, departments: tuple[str, ...]
) -> None:
    assert set(build_router(PLACES).route(text).departments) == set(departments)


def test_synonyms_stand_for_the_headword_in_every_pattern(build_router: BuildRouter) -> None:
    router = build_router(
        """
        synonyms: {чистить: [убирать, нечищен*]}
        departments: [{key: roads, name: Дороги, phrases: [снег чистить]}]
        """
    )

    assert router.route("снег не убирается").departments == ("roads",)
    assert router.route("нечищенный снег").departments == ("roads",)


def test_fixed_form_beginning_and_number_are_met(build_router: BuildRouter) -> None:
    router = build_router(
        """
        departments:
          - {key: north, name: Север, keywords: [=парковом]}
          - {key: roads, name: Дороги, keywords: [обледен*]}
          - {key: transport, name: Транспорт, phrases: [№ опоздать]}
        """
    )

    assert router.route("на Парковом").departments == ("north",)
    assert router.route("парковая зона").departments == ()
    assert router.route("всё обледенело").departments == ("roads",)
    assert router.route("68-й опоздал").departments == ("transport",)
    assert router.route("2024 опоздал").departments == ()


@pytest.mark.parametrize("misspelt", ["остоновка", "астановка", "остановк", "осттановка"])
def test_one_wrong_letter_in_a_long_word_is_forgiven(
    build_router: BuildRouter, misspelt: str
) -> None:
    router = build_router("departments: [{key: transport, name: Т, keywords: [остановка]}]")

    assert router.route(misspelt).departments == ("transport",)


def test_real_word_is_never_taken_for_a_typo(build_router: BuildRouter) -> None:
    router = build_router("departments: [{key: transport, name: Т, keywords: [остановка]}]")

    assert router.route("обстановка").departments == ()


def test_more_evidence_gives_more_confidence_and_a_higher_place(
    build_router: BuildRouter,
) -> None:
    router = build_router(
        """
        departments:
          - {key: roads, name: Дороги, keywords: [яма, тротуар], priority: 1}
          - {key: housing, name: ЖКХ, keywords: [подъезд]}
        """
    )

    assert router.route("яма").confidence < router.route("яма и тротуар").confidence
    assert router.route("подъезд, яма, тротуар").departments == ("roads", "housing")
    assert router.route("подъезд, яма").departments == ("roads", "housing")
    assert router.route("подъезд, яма, тротуар").confidence == router.route("яма").confidence


def test_department_mentioned_by_the_way_is_left_out(build_router: BuildRouter) -> None:
    words = "яма тротуар асфальт бордюр светофор"
    router = build_router(
        f"""
        minor_share: 0.25
        departments:
          - {{key: roads, name: Дороги, keywords: [{", ".join(words.split())}]}}
          - {{key: housing, name: ЖКХ, keywords: [подъезд]}}
        """
    )

    assert router.route(f"{words} подъезд").departments == ("roads",)


def test_longest_message_takes_time_in_proportion_to_its_length(router: Router) -> None:
    sentence = "Во дворе снег не чистят, автобус не ходит, дорога в ямах. "
    short, long = sentence * 27, sentence * 270  # 1,600 and 16,000 characters
    router.route(short)

    # Ten times the text: a quadratic search would take a hundred times as long.
    assert _seconds(router, long) < 40 * _seconds(router, short)


def test_message_without_a_space_is_answered_at_once(router: Router) -> None:
    assert _seconds(router, "а" + "бв" * 8_000) < 1
    assert router.route("а" + "бв" * 8_000).departments == ()


def _seconds(router: Router, text: str) -> float:
    """The best of a few runs: the machine may be busy."""
    return min(_seconds_once(router, text) for _ in range(5))


def _seconds_once(router: Router, text: str) -> float:
    started = time.perf_counter()
    router.route(text)
    return time.perf_counter() - started
