"""Every registered kind of notification, brought about by the deed or the task that sends it."""
