"""How fast the exchange is beside what a user would pick instead, and beside the physical limit. See README.md."""
