"""What a REST method gets to work with."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.ok.errors import OkError
from sandbox.ok.parameters import Parameters
from sandbox.ok.world import OkWorld


@dataclass(frozen=True)
class Call:
    """One call of a method in the session of a user."""

    world: OkWorld
    user_id: int
    parameters: Parameters

    def require_admin(self, group_id: int) -> None:
        """Raise error 160 or 50 unless the session's user administers the group."""
        group = self.world.groups.get(group_id)
        if group is None:
            raise OkError(160, "group is unknown")
        if group.admin_id != self.user_id:
            raise OkError(50, "the user is no administrator of the group")


Method = Callable[[Call], object]
