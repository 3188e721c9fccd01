"""What IPTC's digital source types say about artificial intelligence."""

# NewsCodes "Digital Source Type". Types that leave it open ("digitalCreation", "algorithmicMedia") say nothing here,
# and a photograph taken by a camera does not promise that no machine wrote its caption.
AI_USES = {
    "trainedalgorithmicmedia": "synthetic",
    "compositewithtrainedalgorithmicmedia": "assistive",
    "algorithmicallyenhanced": "assistive",
}


def ai_use_of(digital_source_type: str) -> str:
    """The use of AI that a digital source type admits; "" when it says nothing about it."""
    return AI_USES.get(digital_source_type.lower(), "")
