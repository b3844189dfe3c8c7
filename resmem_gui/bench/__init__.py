"""How fast this machine scores, and what limits it: `resmem-gui bench` and the project's own benchmarks."""
