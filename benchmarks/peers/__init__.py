"""Reference applications over the same rows: what the same work costs when it is written in the usual ways."""
