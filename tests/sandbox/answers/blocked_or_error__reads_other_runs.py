import glob, os
folder = os.path.dirname(TEMPORARY)
others = [path for path in glob.glob(f"{folder}/ptquiz-*/**") + glob.glob(os.path.dirname(tmp) + "/*") if path != tmp]
print(os.listdir(folder), others)
answer = x
