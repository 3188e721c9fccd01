"""The interface's translation catalogs: what must be in them, what is wrong with them. Needs gettext and polib."""
