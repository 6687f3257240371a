"""Pages that are generated from what they are about, so that they cannot say something else."""
