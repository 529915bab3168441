"""The demonstration: the main job played on real parts, every step seen at its far end."""
