"""The acts after the main job: one message each, through every system and with every turn."""
