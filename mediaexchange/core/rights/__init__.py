"""Rights as data: where, on what, when and by whom something may be used. The evaluation is pure; words are apart."""
