"""What the shipped `config/departments.yaml` must do whatever else is tuned in it."""

import pytest

from bridge.routing import DepartmentMapping, Router

NAMES = {
    "roads": "Департамент дорог и благоустройства",
    "transport": "Департамент транспорта",
    "housing": "Департамент жилищно-коммунального хозяйства",
    "education": "Департамент образования",
    "social": "Департамент социальной политики",
    "culture": "Департамент культуры и молодежной политики",
    "sport": "Комитет по физической культуре и спорту",
    "land": "Департамент земельных отношений",
    "planning": "Департамент градостроительства и архитектуры",
    "property": "Департамент имущественных отношений",
    "ecology": "Управление по экологии и природопользованию",
    "safety": "Департамент общественной безопасности",
    "economy": "Департамент экономики и промышленной политики",
    "dzerzhinsky": "Администрация Дзержинского района",
    "industrialny": "Администрация Индустриального района",
    "kirovsky": "Администрация Кировского района",
    "leninsky": "Администрация Ленинского района",
    "motovilikhinsky": "Администрация Мотовилихинского района",
    "ordzhonikidzevsky": "Администрация Орджоникидзевского района",
    "sverdlovsky": "Администрация Свердловского района",
    "novye-lyady": "Администрация посёлка Новые Ляды",
}


def test_every_department_has_its_key_and_name(default_mapping: DepartmentMapping) -> None:
    assert {each.key: each.name for each in default_mapping.departments} == NAMES


def test_no_street_belongs_to_two_districts(default_mapping: DepartmentMapping) -> None:
    streets = [
        street.lower()
        for each in default_mapping.departments
        if each.territory
        for street in each.territory.streets
    ]
    assert sorted(set(streets)) == sorted(streets)


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        (
            "В школе № 12 холодно, батареи еле тёплые, а дорога к ней не чищена",
            {"education", "housing", "roads"},
        ),
        ("каша на тротуаре", {"roads"}),
        ("батареи ледяные", {"housing"}),
        ("колдобина на колдобине", {"roads"}),
        ("дворняги стаей", {"ecology"}),
        ("маршрутка не приехала", {"transport"}),
        ("ларёк", {"land"}),
        ("заброшка", {"property"}),
    ],
)
def test_peoples_words_are_understood(router: Router, text: str, departments: set[str]) -> None:
    assert set(router.route(text).departments) == departments


@pytest.mark.parametrize(
    "text",
    [
        "на тротуаре яма",
        "НА ТРОТУАРЕ ЯМА!!!",
        "на тротуаре я́ма",
        "🕳️🕳️ тротуар ямааа 😡",
        "на тратуаре яма",
        "на трoтyape ямa",
        "тротуар\nяма",
        "ямами весь тротуар изрыт",
    ],
)
def test_spelling_case_emoji_and_script_do_not_matter(router: Router, text: str) -> None:
    assert router.route(text).departments == ("roads",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😂😂😂",
        "!!!",
        "+1",
        "hello there",
        "Спасибо вам!",
        "Дорогие земляки!",
        "\U00017000",
    ],
)
def test_text_without_a_matter_names_nobody(router: Router, text: str) -> None:
    route = router.route(text)

    assert route.departments == ()
    assert route.confidence == 0.0
    assert route.reasons == ()


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("Гайва, когда к нам приедет глава?", "ordzhonikidzevsky"),
        ("На Вышке-2 жители никому не нужны", "motovilikhinsky"),
        ("ул. Подлесная 17, нас не слышат", "dzerzhinsky"),
        ("У нас на Мира 100 ничего не меняется", "industrialny"),
        ("В Новых Лядах нас не слышат", "novye-lyady"),
    ],
)
def test_district_is_found_by_microdistrict_street_or_settlement(
    router: Router, text: str, district: str
) -> None:
    assert router.route(text).departments == (district,)


@pytest.mark.parametrize("place", ["На Гайве", "В Новых Лядах", "На улице Подлесной"])
def test_district_and_settlement_give_way_to_a_functional_department(
    router: Router, place: str
) -> None:
    assert router.route(f"{place} яма на дороге").departments == ("roads",)


def test_trade_on_the_spot_is_the_districts_once_it_is_named(router: Router) -> None:
    assert router.route("Бабушки торгуют с земли").departments == ("economy",)
    assert router.route("Бабушки торгуют с земли на Крохалева").departments == ("sverdlovsky",)


def test_world_champion_is_not_a_street(router: Router) -> None:
    assert router.route("Он чемпион мира!").departments == ()


def test_danger_to_life_is_an_alert_whoever_is_in_charge(router: Router) -> None:
    (alert,) = router.route("Оборвало провода, висят над тропинкой, искрят").alerts

    assert alert.key == "danger-to-life"
    assert "провода" in alert.words
    assert router.route("Когда откроют библиотеку?").alerts == ()
