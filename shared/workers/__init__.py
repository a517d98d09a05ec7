"""Code shared by functions that process streams and queues."""
