print("\x1b]0;title\x07\x1b[2J\x1b[31m\x9b1m\x1b]52;c;aGVsbG8=\x07\u202e\u200b\r\x08")
answer = x
