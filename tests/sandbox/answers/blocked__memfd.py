"""Memory that no limit would see."""
import os
descriptor = os.memfd_create("hidden")
os.write(descriptor, bytes(1 << 20))
answer = x
