"""What a method gets to work with, and how a method is declared."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.vk.attachments import parse_attachments
from sandbox.vk.callback_delivery import CallbackDelivery
from sandbox.vk.callback_servers import CallbackServers
from sandbox.vk.errors import VkError
from sandbox.vk.long_poll import LongPoll
from sandbox.vk.model import Community, JsonObject
from sandbox.vk.parameters import Parameters
from sandbox.vk.tokens import Token, TokenType
from sandbox.vk.world import VkWorld


@dataclass(frozen=True)
class Services:
    """The parts of the sandbox that methods act upon."""

    world: VkWorld
    servers: CallbackServers
    callbacks: CallbackDelivery
    long_poll: LongPoll


@dataclass(frozen=True)
class Call:
    """One call of a method by a valid token of a suitable type."""

    services: Services
    token: Token
    parameters: Parameters
    base_url: str

    @property
    def world(self) -> VkWorld:
        """The world that the call is about."""
        return self.services.world

    def attachments(self, parameter: str) -> tuple[JsonObject, ...]:
        """What a parameter says is to be attached; raises error 100."""
        return parse_attachments(self.parameters.texts(parameter), parameter, self.world.files)

    def managed_community(self) -> Community:
        """The community named by `group_id` that the caller manages.

        Raises error 100 when none is named, 15 or 203 when it is not the caller's to manage.
        """
        named = self.parameters.integer("group_id")
        if named is None and self.token.type is TokenType.COMMUNITY:
            named = self.token.subject_id
        community = self.world.communities.get(
            self.parameters.required_integer("group_id") if named is None else named
        )
        if community is None:
            raise VkError(125)
        self.require_manager(community)
        return community

    def require_manager(self, community: Community) -> None:
        """Raise error 15 or 203 unless the token may act for `community`."""
        if self.token.type is TokenType.COMMUNITY and self.token.subject_id != community.id:
            raise VkError(15, "no access to call this method")
        if self.token.type is TokenType.USER and self.token.subject_id != community.admin_id:
            raise VkError(203, "access to the group call is denied")


@dataclass(frozen=True)
class Method:
    """A method of the API, the kinds of token it takes, and what it does."""

    name: str
    tokens: frozenset[TokenType]
    answer: Callable[[Call], object]


USER = frozenset({TokenType.USER})
COMMUNITY = frozenset({TokenType.COMMUNITY})
USER_OR_COMMUNITY = USER | COMMUNITY
USER_OR_SERVICE = USER | {TokenType.SERVICE}
ANY = USER_OR_COMMUNITY | USER_OR_SERVICE
