"""Whoever runs a command, as the audit names them."""

import getpass


def command_actor() -> str:
    """`command:` and the account of the machine."""
    try:
        return f"command:{getpass.getuser()}"
    except (OSError, KeyError):
        return "command:unknown"
