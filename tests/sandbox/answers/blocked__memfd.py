"""Memory that no limit counts."""
import os
descriptor = os.memfd_create("hidden")
os.write(descriptor, bytes(1 << 20))
answer = x
