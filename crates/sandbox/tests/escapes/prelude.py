# What every attempt may use: the world's paths, raw system calls, and errors by name.
import ctypes, errno, os, socket, struct, sys, signal, time, stat, array, threading, subprocess, mmap
signal.alarm(20)
_libc = ctypes.CDLL(None, use_errno=True)
def syscall(number, *args):
    made = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    result = _libc.syscall(ctypes.c_long(number), *made)
    if result < 0:
        raise OSError(ctypes.get_errno(), "syscall")
    return result
X86 = os.uname().machine == "x86_64"
def number(x86, generic):
    return x86 if X86 else generic
AT_FDCWD = -100
def write(path, text="owned\n", flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC):
    fd = os.open(path, flags, 0o644)
    os.write(fd, text.encode())
    os.close(fd)
def read(path):
    with open(path) as file:
        return file.read()
class Secret(Exception):
    pass
