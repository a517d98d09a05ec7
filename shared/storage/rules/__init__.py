"""Automatic groups: their rules, and the memberships that follow from them."""
