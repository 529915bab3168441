"""Messages from social networks to helpdesk tickets, and answers back, in time."""
