"""Changes a tree at random, in several processes, for about a fifth of a second.

The first goes on longest: what a killed command leaves behind in the background is undone too, but where the end of the
command was written down before, what came later is taken for somebody else's, shown and left alone.
"""
import os
import random
import sys
import time

seed = int(sys.argv[1])


def names(chance):
    return b"d%d/%s" % (chance.randrange(5), chance.choice([b"f%d" % chance.randrange(8), b"odd \xff\n", b"l", b"same"]))


def remove_tree(path):
    for name in os.listdir(path):
        full = path + b"/" + name
        if os.path.isdir(full) and not os.path.islink(full):
            remove_tree(full)
        else:
            os.unlink(full)
    os.rmdir(path)


def write(path, mode, chance):
    with open(path, mode, buffering=0) as file:
        if mode == "r+b":
            file.seek(chance.randrange(2000))
        for _ in range(chance.randrange(3)):
            file.write(chance.randbytes(chance.randrange(3000)))
        if mode == "r+b" and chance.random() < 0.5:
            file.truncate(chance.randrange(500))


def act(chance):
    one, other = names(chance), names(chance)
    deeds = [
        lambda: write(one, "wb", chance),
        lambda: write(one, "ab", chance),
        lambda: write(one, "r+b", chance),
        lambda: os.rename(one, other),
        lambda: os.unlink(one),
        lambda: os.chmod(one, chance.choice([0o600, 0o644, 0o755])),
        lambda: os.symlink(b"f1", other),
        lambda: os.link(one, other),
        lambda: os.mkdir(b"d%d" % chance.randrange(5)),
        lambda: os.mkdir(one),
        lambda: os.truncate(one, chance.randrange(100)),
        lambda: os.rename(b"d%d" % chance.randrange(5), b"d%d/moved" % chance.randrange(5)),
    ]
    if chance.random() < 0.03:
        deeds = [lambda: remove_tree(b"d%d" % chance.randrange(5))]
    try:
        chance.choice(deeds)()
    except OSError:
        pass


def go_on(seed, seconds):
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    # One file stays open: what is written through it is told to nobody any more.
    with open("d0/held-%d" % seed, "ab", buffering=0) if os.path.isdir("d0") else open(os.devnull, "wb") as held:
        while time.monotonic() < end:
            act(chance)
            held.write(b"more\n")


open("begun", "w").close()
for number in range(2):
    if os.fork() == 0:
        go_on(seed + number, 0.1)
        os._exit(0)
if seed % 2 and os.fork() == 0:
    os.setsid()
    go_on(seed + 7, 0.15)
    os._exit(0)
go_on(seed + 9, 0.18)
