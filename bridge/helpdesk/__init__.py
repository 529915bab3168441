"""The helpdesk in which staff work: what the bridge needs of it, and its Redmine adapter."""
