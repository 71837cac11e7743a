"""The servers of the distributed set-up, privately on this machine, for tests and trials."""
