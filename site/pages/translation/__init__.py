"""Translation: prose side by side by wagtail-localize, asked for by publication, guarded page by page."""
