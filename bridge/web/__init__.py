"""The bridge's HTTP side: callbacks of the networks, webhooks of the helpdesk, health, metrics."""
