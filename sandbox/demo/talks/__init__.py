"""Where citizens write in the demonstration, and what they see there of the city's answers."""
