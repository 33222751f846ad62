"""What the system refuses, warns of or tells, and the sentences for it."""
