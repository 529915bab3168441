"""«Подразделения»: the mapping in forms, with what a change would do before it is saved."""
