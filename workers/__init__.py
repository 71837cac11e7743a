"""The order of the stages, the choice of back ends, and the command line."""
