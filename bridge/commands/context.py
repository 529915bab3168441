"""What every command gets: settings and configuration, read when first needed."""

from dataclasses import dataclass
from pathlib import Path

import click

from bridge.bootstrap import open_office
from bridge.config.document import ConfigError
from bridge.log_lines import configure_logging
from bridge.office import Office
from bridge.settings import Settings, load_settings
from bridge.store.database import Store


@dataclass(frozen=True)
class Context:
    """`config_folder` comes from the command line or the environment."""

    config_folder: Path

    def settings(self) -> Settings:
        """The settings; a wrong one ends the command with what is wrong."""
        try:
            settings = load_settings(config=self.config_folder)
        except ConfigError as error:
            raise click.ClickException(str(error)) from error
        configure_logging(settings.log_level)
        return settings

    def office(self) -> Office:
        """The configuration; a wrong file ends the command with file, line and key."""
        try:
            return Office.load(self.config_folder)
        except ConfigError as error:
            raise click.ClickException(str(error)) from error

    def office_in_force(self, store: Store) -> Office:
        """The configuration with the mapping that is in force in the store."""
        return open_office(self.office(), store).current()
