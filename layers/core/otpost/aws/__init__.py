"""The ports of OTPost, kept on AWS."""
