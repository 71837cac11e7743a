"""Receive deliveries, inspect pages, read separators, cut batches into documents."""
