"""The commands without a screen: data on stdout, everything else on stderr."""
