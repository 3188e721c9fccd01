"""What can go wrong before and around the project's processes."""


class LauncherError(Exception):
    """A start or stop failed; the message is complete and meant for the person at the terminal."""


class AlreadyRunningError(LauncherError):
    """Another launcher is using the same data directory."""
