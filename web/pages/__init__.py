"""The pages: one module a page, with its template and script of the same name."""
