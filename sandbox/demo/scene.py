"""What the play is played on: the networks, the helpdesk with its staff, the bridge."""

from dataclasses import dataclass

from sandbox.demo.bridge_process import BridgeProcess
from sandbox.demo.ledger import Ledger
from sandbox.demo.staff import Staff
from sandbox.exchange.client import SandboxExchange
from sandbox.ok.client import SandboxOk
from sandbox.vk.client import SandboxVk


@dataclass(frozen=True)
class Scene:
    """Everything runs, and the people are there."""

    vk: SandboxVk
    ok: SandboxOk
    exchange: SandboxExchange
    redmine_url: str
    project: str
    staff: Staff
    bridge: BridgeProcess
    admin_url: str
    ledger: Ledger

    def issue_link(self, issue_id: int) -> str:
        """Where staff see the ticket."""
        return f"{self.redmine_url}/issues/{issue_id}"
