"""Starts a program to which landlock_create_ruleset does not exist."""
import ctypes
import os
import struct
import sys

LANDLOCK_CREATE_RULESET = 444
ENOSYS = 38


def instruction(code, if_true, if_false, value):
    return struct.pack("HBBI", code, if_true, if_false, value)


program = b"".join([
    instruction(0x20, 0, 0, 0),
    instruction(0x15, 0, 1, LANDLOCK_CREATE_RULESET),
    instruction(0x06, 0, 0, 0x00050000 | ENOSYS),
    instruction(0x06, 0, 0, 0x7FFF0000),
])
text = ctypes.create_string_buffer(program, len(program))
header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text))
libc = ctypes.CDLL(None, use_errno=True)
no_new_privileges, set_filter = 38, 22
assert libc.prctl(no_new_privileges, 1, 0, 0, 0) == 0
assert libc.prctl(set_filter, 2, ctypes.c_char_p(header)) == 0, ctypes.get_errno()
os.execvp(sys.argv[1], sys.argv[1:])
