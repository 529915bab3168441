"""The shell around the rules: how messages come in, tickets are reconciled, answers go out."""
