"""What publication renders."""
