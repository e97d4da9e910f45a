import os
os.mkdir("closed")
open("closed/file", "w").close()
os.mkdir("shut", 0)
answer = x
