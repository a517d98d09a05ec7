"""The terms of a membership: when it begins and when it ends."""

from typing import Final, Literal, NamedTuple

Membership = Literal["active", "scheduled", "all"]
"""Which memberships a list contains: those in effect, those that begin later, or both."""


class Terms(NamedTuple):
    """The moment of the beginning (included) and of the end (excluded), in ISO 8601. None means no limit."""

    starts_at: str | None = None
    ends_at: str | None = None

    def is_scheduled(self, now: str) -> bool:
        """Whether the membership begins later."""
        return self.starts_at is not None and self.starts_at > now

    def is_over(self, now: str) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    def is_active(self, now: str) -> bool:
        return not self.is_scheduled(now) and not self.is_over(now)

    def is_listed(self, membership: Membership, now: str) -> bool:
        """Whether a list of these memberships contains it."""
        if self.is_over(now) or membership == "all":
            return not self.is_over(now)
        return self.is_scheduled(now) is (membership == "scheduled")

    def extended_by(self, other: "Terms") -> "Terms":
        """From the earlier beginning to the later end."""
        return Terms(_earliest(self.starts_at, other.starts_at), _latest(self.ends_at, other.ends_at))

    def overlap(self, other: "Terms") -> "Terms | None":
        """The time in both. None if there is none."""
        starts_at = max(filter(None, (self.starts_at, other.starts_at)), default=None)
        ends_at = min(filter(None, (self.ends_at, other.ends_at)), default=None)
        return None if starts_at and ends_at and ends_at <= starts_at else Terms(starts_at, ends_at)

    def next_change(self, now: str) -> str | None:
        """The moment at which a membership that is stored now has to be changed again."""
        return self.starts_at if self.is_scheduled(now) else self.ends_at


def _earliest(*moments: str | None) -> str | None:
    return None if None in moments else min(filter(None, moments))


def _latest(*moments: str | None) -> str | None:
    return None if None in moments else max(filter(None, moments))


NO_TERMS: Final = Terms()
