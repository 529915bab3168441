"""«Журнал»: what people did in the bridge, and what the bridge decided."""
