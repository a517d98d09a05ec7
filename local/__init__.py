"""Runs the whole service on one machine: a local cloud, the deployed template, demo data and a front server."""
