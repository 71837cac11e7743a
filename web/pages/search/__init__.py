"""Finding what is filed."""
