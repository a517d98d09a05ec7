from tests.end_to_end.conftest import admin, client, stack, stack_home

__all__ = ["admin", "client", "stack", "stack_home"]
