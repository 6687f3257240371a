"""The demo: the main job over the embedded estate, with drift made on purpose and mended."""
