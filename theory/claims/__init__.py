"""One file per claim; the file's name is its identifier, with underscores for hyphens and dots."""
