"""In which languages the roads are walked."""

LANGUAGES = ("en", "sr-latn", "kk")
