"""The race kit: measures whether the one-time codes of a deployment keep their promises under parallel abuse."""
