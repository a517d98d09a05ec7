"""Rules and values that do not depend on AWS: ids, metadata, search, filters, errors."""
