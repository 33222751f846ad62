"""What the system does by itself: one Prefect flow per step, plus the year."""
