"""The app's environment is not inherited."""
import os
known = {"PATH", "LANG", "HOME", "TMPDIR", "USER", "LOGNAME", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "LC_CTYPE"}
others = {name for name in os.environ if name not in known and not name.startswith(("KINETO", "KMP", "OMP", "MKL", "TORCH"))}
if others:
    raise RuntimeError(f"inherited {sorted(others)}")
answer = x
