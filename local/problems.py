"""Errors of the local stack that the user can fix."""


class LocalProblem(Exception):
    """An error that the user can fix. Its message is printed without a traceback."""
