"""The administrator's pages: what the bridge does, why, and what a person can do about it."""
