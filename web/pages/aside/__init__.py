"""What was set aside, and what waits."""
