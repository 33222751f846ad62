"""What every example cycle is made with: figures for a leaf's rule, variety without chance, marks, tables, answers."""
