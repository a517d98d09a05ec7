"""The parameters of paths and queries: their types and limits, and what they ask for."""
