import os, struct
body = b'{"number":0,"blobs":[-1,9e99,"a"]}'
os.write(3, struct.pack("<BIQ", 3, len(body), 5) + body + b"12345")
answer = x
