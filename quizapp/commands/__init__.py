"""The subcommands: data on stdout, everything else on stderr."""
