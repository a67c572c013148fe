"""What a measurement needs beside the product: its mail in a table, its claimants registered."""
