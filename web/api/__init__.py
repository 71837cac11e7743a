"""The HTTP API under `/api/v1`, for programs and for the scripts of our own pages."""
