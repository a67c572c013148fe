"""Email one-time codes: issued, mailed, verified once."""
