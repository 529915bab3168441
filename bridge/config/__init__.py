"""Configuration: YAML files under `config/`, and settings from the environment."""
