"""Wagtail's API over as many pages as we have stories: what a newsroom with a content management system would have."""
