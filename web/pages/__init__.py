"""The pages: one folder a page with its routes, template, script and English texts."""
