"""Runs a program, and prints as JSON what it said, its exit status, seconds, and peak memory.

Linux counts the memory of whoever started a program as the program's own until it begins: this
starts it from a process that is smaller than anything it is used for.
"""

import json
import resource
import subprocess
import sys
import time

before = time.monotonic()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
print(json.dumps({
    "said": done.stdout, "code": done.returncode, "seconds": time.monotonic() - before,
    "peak_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
}))
