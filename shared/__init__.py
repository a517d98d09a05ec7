"""Code that every function imports: `from shared.…`."""
