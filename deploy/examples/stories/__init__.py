"""What each small example tells: one module per folder, named like it."""
