"""The only place from which the project reaches another machine over HTTP."""
