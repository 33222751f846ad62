"""The only place that touches the world: settings, database, vault, files that arrive."""
