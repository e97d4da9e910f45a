import subprocess
subprocess.run(["/bin/sh", "-c", "echo out"], check=True)
answer = x
