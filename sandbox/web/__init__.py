"""The page frame that all networks of the sandbox share: layout, style, dates."""
