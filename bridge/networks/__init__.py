"""What reading from and placing into one network share: its settings, its client, its links."""
