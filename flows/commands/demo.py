"""The demonstration: a packaged cycle from forms to publication."""

COMMANDS = {}
