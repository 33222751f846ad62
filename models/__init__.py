"""What the system knows: rules, the law as data, stored things, storage and the actions that change them."""
