"""Real servers for tests: started once a run, shared by its processes, killed at its end."""
