import os
os.setuid(0)
answer = x
