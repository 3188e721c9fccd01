"""Numbers that come as text: from addresses, forms and files."""


def whole_number(text: str | None) -> int | None:
    """What ASCII digits say, as far as PostgreSQL's bigint surely holds it; None for anything else."""
    return int(text) if text and len(text) < 19 and text.isascii() and text.isdigit() else None
