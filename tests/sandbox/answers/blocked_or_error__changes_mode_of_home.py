import os
os.chmod(HOME, 0o700)
answer = x
