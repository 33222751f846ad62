"""What the secretariat reads in figures before and after publication: gaps, robustness of ranks, jumps, what-if."""
