# A random file-system program: argv = seed, number of steps. Prints what each step gave, then the tree as it is.
import ctypes, errno, os, random, stat, sys
libc = ctypes.CDLL(None, use_errno=True)
rng = random.Random(int(sys.argv[1]))
names = ['a', 'b', 'c', 'd', 'e']
os.umask(rng.choice([0o022, 0o027, 0o077, 0]))
fds = []
def path():
    parts = [rng.choice(names) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
    if rng.random() < .1: parts.insert(rng.randrange(len(parts)) + 1, rng.choice(['.', '..', '']))
    p = '/'.join(parts)
    if rng.random() < .06: p += '/'
    if rng.random() < .05: p = './' + p
    if rng.random() < .15: p = os.getcwd() + '/' + p
    if rng.random() < .03: p = '/proc/self/cwd/' + p
    if rng.random() < .03: p = '/proc/thread-self/root' + os.getcwd() + '/' + p
    if rng.random() < .01: p = ''
    if rng.random() < .01: p = rng.choice(['.', 'a/..', 'a/.'])
    return p
def c(number, *args):
    ctypes.set_errno(0)
    made = [ctypes.c_char_p(os.fsencode(a)) if isinstance(a, str) else ctypes.c_long(a) for a in args]
    r = libc.syscall(ctypes.c_long(number), *made)
    if r < 0: raise OSError(ctypes.get_errno(), '')
    return r
X = os.uname().machine == 'x86_64'
def openat(p):
    flags = rng.choice([0, 1, 2, 1, 2]) | sum(f for f in (os.O_CREAT, os.O_TRUNC, os.O_EXCL, os.O_APPEND, os.O_NOFOLLOW, os.O_DIRECTORY, os.O_NONBLOCK) if rng.random() < (.6 if f == os.O_CREAT else .2))
    if flags & os.O_EXCL and not flags & os.O_CREAT: flags &= ~os.O_EXCL
    flags |= os.O_NONBLOCK
    fd = os.open(p, flags, rng.choice([0o644, 0o600, 0o777, 0o1755, 0o400]))
    try:
        if flags & 3:
            os.write(fd, bytes(rng.choices(b'xyz\n', k=rng.randrange(20))))
    finally:
        if len(fds) < 6: fds.append(fd)
        else: os.close(fd)
    return (fcntl_flags(fd) if fd in fds else 0, flags & ~os.O_NONBLOCK)
def fcntl_flags(fd):
    import fcntl
    return fcntl.fcntl(fd, fcntl.F_GETFL) & (3 | os.O_APPEND | os.O_NONBLOCK)
def tmpfile(p):
    fd = os.open(p, os.O_TMPFILE | os.O_RDWR, 0o640)
    os.write(fd, b'unnamed')
    try:
        if libc.linkat(-100, f'/proc/self/fd/{fd}'.encode(), -100, os.fsencode(path()), 0x400): raise OSError(ctypes.get_errno(), '')
    finally: os.close(fd)
def dirfd(p):
    fd = os.open(rng.choice(['.', 'a', 'b']), os.O_RDONLY | os.O_DIRECTORY)
    try:
        other = os.open(p, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK, 0o644, dir_fd=fd); os.close(other)
    finally: os.close(fd)
def rename2(p):
    return c(316 if X else 276, -100, p, -100, path(), rng.choice([0, 1, 2, 2, 3, 8]))
def fdop(p):
    if not fds: return
    fd = rng.choice(fds)
    op = rng.randrange(5)
    if op == 0: os.fchmod(fd, rng.choice([0o600, 0o644, 0o755]))
    elif op == 1: os.ftruncate(fd, rng.randrange(30))
    elif op == 2: os.utime(fd, (1000, rng.randrange(5000)))
    elif op == 3: os.setxattr(fd, 'user.y', b'2')
    else: fds.remove(fd); os.close(fd)
ops = [
    (10, openat), (4, lambda p: os.mkdir(p, rng.choice([0o777, 0o755, 0o700]))), (4, os.unlink), (3, os.rmdir), (6, lambda p: os.rename(p, path())),
    (4, rename2), (4, lambda p: os.link(p, path(), follow_symlinks=rng.random() < .5)), (4, lambda p: os.symlink(rng.choice(['a', './b', 'c/d', 'x', '.', path() or 'q']), p)),
    (2, lambda p: os.truncate(p, rng.randrange(40))), (3, lambda p: os.chmod(p, rng.choice([0o644, 0o600, 0o755, 0o444, 0o1777]))),
    (2, lambda p: os.utime(p, (rng.randrange(5000), rng.randrange(5000)), follow_symlinks=rng.random() < .5)), (2, lambda p: os.chown(p, -1, -1, follow_symlinks=rng.random() < .5)),
    (1, lambda p: os.mkfifo(p, 0o640)), (1, lambda p: os.mknod(p, stat.S_IFREG | 0o640)), (2, tmpfile), (2, dirfd), (4, fdop),
    (2, lambda p: os.setxattr(p, 'user.x', b'1')), (1, lambda p: os.removexattr(p, 'user.x')),
]
weights = [w for w, _ in ops]
for step in range(int(sys.argv[2])):
    _, op = rng.choices(ops, weights)[0]
    p = path()
    state = rng.getstate()
    try: said = op(p)
    except OSError as error: said = errno.errorcode.get(error.errno, error.errno)
    rng.setstate(state); rng.random()
    name = getattr(op, '__name__', '?') if op.__name__ != '<lambda>' else f'op{[o for _, o in ops].index(op)}'
    print(step, name, p.replace(os.getcwd(), 'CWD')[:80], said)
for fd in fds: os.close(fd)
for root, dirs, files in os.walk('.'):
    dirs.sort()
    for n in sorted(dirs + files):
        full = os.path.join(root, n)
        try: s = os.lstat(full)
        except OSError as error:
            print(full, error.errno)
            continue
        what = os.readlink(full).replace(os.getcwd(), 'CWD') if stat.S_ISLNK(s.st_mode) else ''
        if stat.S_ISREG(s.st_mode):
            try: what = open(full, 'rb').read() if stat.S_ISREG(os.stat(full).st_mode) else b''
            except OSError as error: what = error.errno
        times = int(s.st_mtime) if s.st_mtime < 10000 else 'now'
        print(full, oct(s.st_mode), s.st_nlink, s.st_size if not stat.S_ISDIR(s.st_mode) else '', times, what)
