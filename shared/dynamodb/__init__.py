"""Reads, queries, transactions and retries for DynamoDB. Independent of groups and customers."""
