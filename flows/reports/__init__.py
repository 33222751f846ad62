"""Documents made on demand from a published version: annex of the decision, deck tables, letters, minutes."""
