"""Fetches files that citizens attached, from addresses that nobody vouches for."""
