"""What a page, an answer or a mail says in another language than its reader's. For checks alone."""
