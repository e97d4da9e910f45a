"""The app's side of the sandbox: starts, supervises and ends its processes."""
