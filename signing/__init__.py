"""PAdES signatures, time-stamps and their validation."""
