#!/usr/bin/env python3
"""Django's command line. `up` starts the servers Django needs, so it runs before Django is imported."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediaexchange.settings.development")
    if sys.argv[1:2] == ["up"]:
        from mediaexchange.launcher.up import main as up

        sys.exit(up(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
