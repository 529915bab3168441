"""«Каналы»: how each source and target does, and the switches."""
