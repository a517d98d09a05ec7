"""Jobs: work on many customers. A job is planned as chunks, which are processed one by one and then joined."""
