"""Policy as data: documents are read, checked, resolved once per combination and compiled for the workers."""
