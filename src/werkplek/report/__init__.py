"""The report: one HTML file, in Dutch and English, that opens without a network."""
