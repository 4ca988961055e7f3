//! Names of Python: what is harmless, what is its own, and what its modules are called.

/// Words of the grammar.
pub(super) const KEYWORDS: &str = "\
    and as assert async await break class continue def del elif else except finally for from global if import in is \
    lambda nonlocal not or pass raise return try while with yield match case";

/// Its own functions and types that touch nothing but what they are given.
pub(super) const HARMLESS_GLOBALS: &str = "\
    abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict dir divmod enumerate exit filter \
    float format frozenset hasattr hash hex id input int isinstance issubclass iter len list map max memoryview min \
    next object oct ord pow print property quit range repr reversed round set slice sorted staticmethod str sum super \
    tuple type zip True False None NotImplemented Ellipsis __name__ __file__ __doc__ xrange unicode long unichr \
    raw_input basestring cmp reduce ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup \
    BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError \
    ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError \
    Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError \
    ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError \
    KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError \
    OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError \
    ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning \
    SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError \
    UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError";

/// The others that are its own.
pub(super) const OTHER_GLOBALS: &str = "\
    __build_class__ __debug__ __import__ __loader__ __package__ __spec__ aiter anext breakpoint compile copyright \
    credits delattr eval exec getattr globals help license locals open setattr vars file execfile reload apply intern \
    buffer coerce get_ipython display In Out builtins __builtin__ __cached__ __path__ __package__ __annotations__";

/// Modules of which every plain member touches nothing but what it is given.
pub(super) const HARMLESS_MODULES: &str = "\
    math cmath json re string textwrap itertools collections collections.abc datetime time calendar decimal fractions \
    statistics random secrets hashlib hmac base64 binascii struct copy bisect heapq enum numbers html html.parser \
    unicodedata difflib pprint reprlib keyword token abc contextlib urllib.parse ipaddress colorsys zoneinfo graphlib \
    fnmatch getopt errno stat posixpath os.path csv zlib warnings traceback array locale";

/// Single members of other modules that do not either.
pub(super) const HARMLESS_MEMBERS: &str = "\
    shlex.split shlex.quote shlex.join functools.partial functools.reduce functools.wraps functools.lru_cache functools.cache functools.cached_property \
    functools.cmp_to_key functools.total_ordering functools.singledispatch operator.itemgetter operator.add \
    operator.mul operator.sub operator.truediv operator.eq operator.lt operator.gt operator.or_ operator.and_ \
    operator.xor operator.not_ operator.neg dataclasses.dataclass dataclasses.field dataclasses.asdict \
    dataclasses.astuple dataclasses.replace dataclasses.fields typing.Any typing.Optional typing.Union typing.List \
    typing.Dict typing.Set typing.Tuple typing.Callable typing.Iterable typing.Iterator typing.Sequence \
    typing.Mapping typing.NamedTuple typing.TypedDict typing.Literal typing.Generator typing.TypeVar typing.Generic \
    typing.Protocol typing.ClassVar typing.Final typing.cast typing.TYPE_CHECKING typing.overload \
    types.SimpleNamespace types.MappingProxyType uuid.UUID uuid.uuid3 uuid.uuid4 uuid.uuid5 uuid.NAMESPACE_DNS \
    uuid.NAMESPACE_URL platform.system platform.machine platform.python_version platform.release platform.node \
    platform.version platform.python_implementation platform.python_version_tuple sysconfig.get_path \
    sysconfig.get_paths sysconfig.get_config_var sysconfig.get_config_vars sysconfig.get_platform \
    sysconfig.get_python_version importlib.metadata.version importlib.metadata.PackageNotFoundError importlib.util.find_spec tomllib.loads tomllib.load tomllib.TOMLDecodeError ast.literal_eval ast.parse \
    ast.dump ast.walk ast.unparse ast.FunctionDef ast.AsyncFunctionDef ast.ClassDef ast.Import ast.ImportFrom \
    ast.Call ast.Name ast.Attribute ast.NodeVisitor ast.Assign ast.Constant ast.Expr ast.iter_child_nodes \
    ast.get_docstring argparse.ArgumentParser argparse.Namespace argparse.ArgumentDefaultsHelpFormatter \
    argparse.RawDescriptionHelpFormatter argparse.REMAINDER argparse.ArgumentTypeError codecs.BOM_UTF8 codecs.encode \
    io.StringIO io.BytesIO io.TextIOWrapper io.DEFAULT_BUFFER_SIZE threading.Lock threading.RLock threading.Event \
    threading.Thread queue.Queue queue.Empty concurrent.futures.ThreadPoolExecutor concurrent.futures.as_completed \
    asyncio.run asyncio.sleep asyncio.gather asyncio.wait_for asyncio.create_task asyncio.Queue asyncio.Semaphore \
    asyncio.Lock asyncio.TimeoutError asyncio.CancelledError os.getcwd os.getpid os.getppid os.sep os.linesep os.name \
    os.environ os.environ.get os.environ.items os.environ.keys os.environ.values os.environ.copy os.getenv \
    os.cpu_count os.uname os.getuid os.geteuid os.getgid os.getlogin os.curdir os.pardir os.extsep os.pathsep \
    os.devnull os.get_terminal_size os.fspath os.fsencode os.fsdecode os.urandom os.times os.getloadavg os.stat \
    os.lstat os.access os.isatty os.strerror os.F_OK os.R_OK os.W_OK os.X_OK os.sched_getaffinity os.PathLike \
    os.DirEntry os.path sys.argv sys.stdin sys.stdout sys.stderr sys.stdin.buffer sys.stdout.buffer sys.exit \
    sys.version sys.version_info sys.platform sys.maxsize sys.executable sys.byteorder sys.getsizeof \
    sys.getrecursionlimit sys.setrecursionlimit sys.exc_info sys.getdefaultencoding sys.implementation sys.float_info \
    sys.hexversion sys.flags sys.prefix sys.base_prefix sys.exec_prefix sys.builtin_module_names sys.maxunicode \
    sys.intern sys.path pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath pathlib.Path.cwd \
    pathlib.Path.home tempfile.gettempdir glob.escape shutil.which shutil.disk_usage shutil.get_terminal_size \
    shutil.Error shutil.SameFileError subprocess.PIPE subprocess.DEVNULL subprocess.STDOUT \
    subprocess.CalledProcessError subprocess.TimeoutExpired subprocess.SubprocessError subprocess.CompletedProcess \
    logging.getLogger logging.info logging.debug logging.warning logging.error logging.critical logging.exception \
    logging.INFO logging.DEBUG logging.WARNING logging.ERROR logging.CRITICAL logging.StreamHandler logging.Formatter \
    logging.Logger socket.gethostname socket.AF_INET socket.SOCK_STREAM socket.error socket.timeout \
    urllib.error.URLError urllib.error.HTTPError requests.exceptions.RequestException requests.RequestException \
    requests.codes requests.__version__";

/// Methods of texts, numbers, collections, open files, dates, matches, paths and parsers that do not either. What a file
/// object writes was said when it was opened.
pub(super) const METHODS: &str = "\
    __contains__ __enter__ __eq__ __exit__ __getitem__ __hash__ __init__ __len__ __repr__ __str__ absolute acquire \
    add addHandler add_argument add_argument_group add_mutually_exclusive_group add_parser add_subparsers append \
    appendleft as_integer_ratio as_posix as_uri astimezone bit_length capitalize casefold center check_returncode \
    choice clear close combine conjugate copy count critical cwd date debug decode detach difference digest discard \
    done elements encode end endswith error exception exists exit expand expandtabs expanduser extend extendleft \
    fileno find findall finditer flush format format_map from_bytes fromisoformat fromkeys fromtimestamp fullmatch \
    get getLogger get_matching_blocks get_opcodes getheader getheaders getvalue group groupdict groups hex hexdigest \
    home index info insert intersection is_absolute is_dir is_file is_integer is_relative_to is_set is_symlink \
    isalnum isalpha isascii isatty isatty_ isdecimal isdigit isdisjoint isidentifier islower isnumeric isocalendar \
    isoformat isoweekday isprintable isspace issubset issuperset istitle isupper items iter_content iter_lines join \
    joinpath json keys limit_denominator ljust lower lstat lstrip maketrans map match most_common now parse_args \
    parse_known_args partition pop popitem popleft print_help put quantize raise_for_status randint random ratio read \
    readable readline readlines reconfigure relative_to release remove removeprefix removesuffix replace resolve \
    result reverse rfind rindex rjust rotate rpartition rsplit rstrip samefile sample search seed seek send set \
    setFormatter setLevel set_defaults setdefault shuffle shutdown sort span split splitlines start startswith stat \
    strftime strip strptime sub submit subn subtract swapcase symmetric_difference task_done tell throw time \
    timestamp timetuple title to_bytes today toordinal total total_seconds translate tzname uniform union update \
    upper utcfromtimestamp utcnow utcoffset values wait warning weekday with_name with_stem with_suffix writable \
    write writeheader writelines writerow writerows zfill";

/// Attributes that lead from a value to the interpreter's insides.
pub(super) const WAYS_IN: &str = "\
    __class__ __bases__ __base__ __mro__ __subclasses__ __globals__ __builtins__ __dict__ __code__ __closure__ \
    __func__ __self__ __wrapped__ __import__ __loader__ __spec__ __reduce__ __reduce_ex__ __getattribute__ \
    __getattr__ __setattr__ __call__ __module__ __new__ __init_subclass__ __subclasshook__ __defaults__ \
    __kwdefaults__ f_globals f_locals f_builtins f_back f_code gi_frame gi_code cr_frame cr_code ag_frame ag_code \
    tb_frame tb_next func_globals func_code im_func im_class im_self mro";

/// The standard library.
pub(super) const MODULES: &str = "\
    abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect \
    builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall \
    concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm \
    decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput \
    fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq \
    hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache \
    locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc \
    nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools \
    pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc \
    pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select \
    selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile \
    sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig \
    syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize \
    tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv \
    warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo";
