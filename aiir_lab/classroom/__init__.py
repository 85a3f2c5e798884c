"""Classes on nbgrader, the learner's workspace, and the notebooks built from their sources."""
