"""Tables of what was broadcast and watched, as playout and audience systems export them. Pure: imports no Django."""
