"""Confinement of a process: namespaces, mounts, Landlock, seccomp and resource limits."""
