"""One TOML file for each kind of scanner or station set-up, and their reader."""
