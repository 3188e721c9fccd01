"""What is sent to subscribers, how it is signed, and the thread that posts it."""
