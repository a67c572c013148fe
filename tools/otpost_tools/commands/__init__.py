"""The commands of `otpost`, one module each. They import what costs time only when they run."""
