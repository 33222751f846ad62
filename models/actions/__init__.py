"""What may be done, one verb per file; each is one transaction with its audit event."""
