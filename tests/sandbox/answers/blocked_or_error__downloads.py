import urllib.request
print(urllib.request.urlopen(f"http://127.0.0.1:{TCP}/", timeout=1).read())
answer = x
