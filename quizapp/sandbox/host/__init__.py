"""The app's side of the sandbox: starts, feeds, watches and ends its processes."""
