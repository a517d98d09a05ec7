"""Reads and writes of the table, one module per stored noun."""
