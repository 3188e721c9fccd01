"""Machine translation as a port: pure segmentation and matching, and one adapter for each kind of service."""
