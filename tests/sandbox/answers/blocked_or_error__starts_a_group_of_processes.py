import os
import torch.distributed as dist
os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(TCP))
dist.init_process_group("gloo", rank=0, world_size=1)
answer = x
