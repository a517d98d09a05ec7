"""What can go wrong on a laptop."""


class LocalProblem(Exception):
    """Something the person at the terminal can mend; its message is the one sentence they see."""
