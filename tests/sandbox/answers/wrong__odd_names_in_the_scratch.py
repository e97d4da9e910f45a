import os, socket
for name in (b"\x1b]0;title\x07", b"new\nline", b"\xff\xfe", b"-rf", b"a" * 255, "\u202e".encode()):
    os.mkdir(name)
    open(os.path.join(name, name), "wb").close()
    os.symlink(b"/", os.path.join(name, b"link"))
answer = x
