import os
os.close(3)
answer = x
