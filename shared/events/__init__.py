"""Events for other systems: schemas, translation from changes, the event bus."""
