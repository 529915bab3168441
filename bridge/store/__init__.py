"""What the bridge received and sent, what it decided, and what is still to be done."""
