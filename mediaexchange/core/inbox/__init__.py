"""What people are told: their inbox, their choices, and the mail that goes out of it."""
