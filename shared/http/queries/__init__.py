"""The parameters of paths and queries: their types and limits."""
