print(open("/etc/passwd").read())
answer = x
