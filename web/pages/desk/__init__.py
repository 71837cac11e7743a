"""The desk: where papers are delivered."""
