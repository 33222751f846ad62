"""The pure heart: no database, network, clock or environment is reached from here."""
