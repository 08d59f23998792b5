"""Every method of the protocol against the real server, and how calls fail."""
