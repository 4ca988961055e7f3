//! What calls do, by name: one table for each language. A name with a leading dot is the last part of any path; any
//! other must be the whole path (or what it was imported as).

use std::collections::BTreeSet;

use bailiwick_vocab::effect::Hint;

use super::lex::{Language, Token};

/// What a call does. Numbers say which argument names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Opens a file; the second argument says how.
    Open,
    /// Reads a file.
    Read(usize),
    /// Makes or replaces a file.
    Write(usize),
    /// Adds to a file, or makes a directory.
    Change(usize),
    /// Permissions, owner, times.
    Metadata(usize),
    /// Removes a file.
    Delete(usize),
    /// Removes a directory with what is in it.
    DeleteTree(usize),
    /// Reads the first, writes the second.
    Copy,
    /// Removes the first, writes the second.
    Move,
    /// The value before the dot is the path.
    Receiver(Method),
    /// Reaches a host; whether data goes out.
    Connect(bool),
    /// Gives a text to a shell.
    Shell(usize),
    /// Starts a program: a list, or one argument each.
    Program,
    /// Builds or loads code.
    Dynamic,
    /// Loads what it names, which may be anything if that is no string.
    Import,
    /// Only prints: its strings touch nothing.
    Print,
}

/// What a method does to the path it is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Read,
    Write,
    Change,
    Metadata,
    Delete,
    Move,
}

type Table = &'static [(&'static str, Act)];

const PYTHON: Table = &[
    ("open", Act::Open), ("io.open", Act::Open), ("codecs.open", Act::Open), ("os.open", Act::Write(0)), ("fileinput.input", Act::Write(0)),
    ("os.remove", Act::Delete(0)), ("os.unlink", Act::Delete(0)), ("os.rmdir", Act::Delete(0)), ("os.removedirs", Act::Delete(0)),
    ("shutil.rmtree", Act::DeleteTree(0)), (".rmtree", Act::DeleteTree(0)), ("send2trash", Act::DeleteTree(0)),
    ("shutil.copy", Act::Copy), ("shutil.copy2", Act::Copy), ("shutil.copyfile", Act::Copy), ("shutil.copytree", Act::Copy),
    ("shutil.move", Act::Move), ("os.rename", Act::Move), ("os.replace", Act::Move), ("os.renames", Act::Move),
    ("os.symlink", Act::Change(1)), ("os.link", Act::Change(1)), ("os.mkdir", Act::Change(0)), ("os.makedirs", Act::Change(0)),
    ("os.mkfifo", Act::Change(0)), ("os.mknod", Act::Write(0)), ("os.truncate", Act::Write(0)), ("shutil.unpack_archive", Act::Write(1)), ("shutil.make_archive", Act::Write(0)),
    ("os.chmod", Act::Metadata(0)), ("os.chown", Act::Metadata(0)), ("os.utime", Act::Metadata(0)), ("shutil.chown", Act::Metadata(0)),
    ("os.listdir", Act::Read(0)), ("os.scandir", Act::Read(0)), ("os.walk", Act::Read(0)), ("glob.glob", Act::Read(0)), ("os.chdir", Act::Dynamic),
    (".to_csv", Act::Write(0)), (".to_json", Act::Write(0)), (".to_parquet", Act::Write(0)), (".to_excel", Act::Write(0)), (".to_pickle", Act::Write(0)), (".savefig", Act::Write(0)), (".extractall", Act::Write(0)),
    (".write_text", Act::Receiver(Method::Write)), (".write_bytes", Act::Receiver(Method::Write)), (".touch", Act::Receiver(Method::Change)),
    (".mkdir", Act::Receiver(Method::Change)), (".unlink", Act::Receiver(Method::Delete)), (".rmdir", Act::Receiver(Method::Delete)),
    (".symlink_to", Act::Receiver(Method::Change)), (".hardlink_to", Act::Receiver(Method::Change)), (".chmod", Act::Receiver(Method::Metadata)),
    (".rename", Act::Receiver(Method::Move)), (".read_text", Act::Receiver(Method::Read)), (".read_bytes", Act::Receiver(Method::Read)),
    ("os.system", Act::Shell(0)), ("os.popen", Act::Shell(0)), ("subprocess.getoutput", Act::Shell(0)), ("subprocess.getstatusoutput", Act::Shell(0)),
    ("commands.getoutput", Act::Shell(0)), ("asyncio.create_subprocess_shell", Act::Shell(0)),
    ("subprocess.run", Act::Program), ("subprocess.call", Act::Program), ("subprocess.check_call", Act::Program), ("subprocess.check_output", Act::Program),
    ("subprocess.Popen", Act::Program), ("asyncio.create_subprocess_exec", Act::Program), ("pty.spawn", Act::Program),
    ("os.execv", Act::Program), ("os.execvp", Act::Program), ("os.execve", Act::Program), ("os.execvpe", Act::Program), ("os.execl", Act::Program), ("os.execlp", Act::Program), ("os.execle", Act::Program), ("os.execlpe", Act::Program),
    ("os.spawnv", Act::Program), ("os.spawnvp", Act::Program), ("os.spawnl", Act::Program), ("os.spawnlp", Act::Program), ("os.spawnve", Act::Program), ("os.posix_spawn", Act::Program), ("os.posix_spawnp", Act::Program), ("os.startfile", Act::Program), ("webbrowser.open", Act::Connect(false)),
    ("os.kill", Act::Dynamic), ("os.killpg", Act::Dynamic), ("os.setuid", Act::Dynamic), ("os.fork", Act::Program),
    ("requests.get", Act::Connect(false)), ("requests.head", Act::Connect(false)), ("requests.options", Act::Connect(false)), ("requests.post", Act::Connect(true)), ("requests.put", Act::Connect(true)), ("requests.patch", Act::Connect(true)), ("requests.delete", Act::Connect(true)), ("requests.request", Act::Connect(true)), ("requests.Session", Act::Connect(true)),
    ("httpx.get", Act::Connect(false)), ("httpx.post", Act::Connect(true)), ("httpx.put", Act::Connect(true)), ("httpx.request", Act::Connect(true)), ("httpx.Client", Act::Connect(true)), ("httpx.AsyncClient", Act::Connect(true)), ("aiohttp.ClientSession", Act::Connect(true)), ("urllib3.PoolManager", Act::Connect(true)),
    ("urllib.request.urlopen", Act::Connect(true)), ("urllib.request.Request", Act::Connect(true)), ("urllib.request.urlretrieve", Act::Connect(false)), ("urlopen", Act::Connect(true)), (".urlopen", Act::Connect(true)),
    ("http.client.HTTPConnection", Act::Connect(true)), ("http.client.HTTPSConnection", Act::Connect(true)), ("socket.socket", Act::Connect(true)), ("socket.create_connection", Act::Connect(true)), ("socket.gethostbyname", Act::Connect(false)), ("socket.getaddrinfo", Act::Connect(false)),
    ("ftplib.FTP", Act::Connect(true)), ("smtplib.SMTP", Act::Connect(true)), ("smtplib.SMTP_SSL", Act::Connect(true)), ("telnetlib.Telnet", Act::Connect(true)), ("paramiko.SSHClient", Act::Connect(true)), ("boto3.client", Act::Connect(true)), ("boto3.resource", Act::Connect(true)), ("xmlrpc.client.ServerProxy", Act::Connect(true)), ("websocket.create_connection", Act::Connect(true)), ("psycopg2.connect", Act::Connect(true)), ("pymysql.connect", Act::Connect(true)),
    ("eval", Act::Dynamic), ("exec", Act::Dynamic), ("compile", Act::Dynamic), ("__import__", Act::Import), ("importlib.import_module", Act::Import), ("execfile", Act::Dynamic), ("runpy.run_path", Act::Dynamic), ("runpy.run_module", Act::Dynamic),
    ("marshal.loads", Act::Dynamic), ("pickle.loads", Act::Dynamic), ("pickle.load", Act::Dynamic), ("cPickle.loads", Act::Dynamic), ("dill.loads", Act::Dynamic), ("ctypes.CDLL", Act::Dynamic), ("ctypes.cdll.LoadLibrary", Act::Dynamic), (".LoadLibrary", Act::Dynamic), ("types.FunctionType", Act::Dynamic), ("code.interact", Act::Dynamic), ("yaml.unsafe_load", Act::Dynamic),
    ("globals", Act::Dynamic), ("builtins", Act::Dynamic), ("__builtins__", Act::Dynamic), ("vars", Act::Dynamic), ("base64.b64decode", Act::Dynamic), ("base64.decodebytes", Act::Dynamic), ("b64decode", Act::Dynamic), ("codecs.decode", Act::Dynamic), ("bytes.fromhex", Act::Dynamic), ("zlib.decompress", Act::Dynamic),
    ("print", Act::Print), ("logging.info", Act::Print), ("sys.stdout.write", Act::Print),
];

const JAVASCRIPT: Table = &[
    (".readFileSync", Act::Read(0)), (".readFile", Act::Read(0)), (".createReadStream", Act::Read(0)), (".readdirSync", Act::Read(0)), (".readdir", Act::Read(0)), (".openSync", Act::Open), (".readTextFile", Act::Read(0)), (".readTextFileSync", Act::Read(0)), ("Bun.file", Act::Read(0)),
    (".writeFileSync", Act::Write(0)), (".writeFile", Act::Write(0)), (".createWriteStream", Act::Write(0)), (".writeTextFile", Act::Write(0)), (".writeTextFileSync", Act::Write(0)), ("Bun.write", Act::Write(0)), (".outputFile", Act::Write(0)), (".outputFileSync", Act::Write(0)), (".writeJson", Act::Write(0)), (".writeJsonSync", Act::Write(0)), (".truncateSync", Act::Write(0)), (".truncate", Act::Write(0)),
    (".appendFileSync", Act::Change(0)), (".appendFile", Act::Change(0)), (".mkdirSync", Act::Change(0)), (".mkdir", Act::Change(0)), (".mkdirp", Act::Change(0)), (".ensureDir", Act::Change(0)), (".mkdtempSync", Act::Change(0)),
    (".symlinkSync", Act::Change(1)), (".symlink", Act::Change(1)), (".linkSync", Act::Change(1)),
    (".unlinkSync", Act::Delete(0)), (".unlink", Act::Delete(0)), (".rmdirSync", Act::DeleteTree(0)), (".rmdir", Act::DeleteTree(0)), (".rmSync", Act::DeleteTree(0)), (".rm", Act::DeleteTree(0)), (".removeSync", Act::DeleteTree(0)), ("rimraf", Act::DeleteTree(0)), (".rimraf", Act::DeleteTree(0)), (".rimrafSync", Act::DeleteTree(0)), (".emptyDir", Act::DeleteTree(0)), (".emptyDirSync", Act::DeleteTree(0)), ("Deno.remove", Act::DeleteTree(0)), ("Deno.removeSync", Act::DeleteTree(0)), ("del", Act::DeleteTree(0)), ("fs.remove", Act::DeleteTree(0)),
    (".copyFileSync", Act::Copy), (".copyFile", Act::Copy), (".cpSync", Act::Copy), (".cp", Act::Copy), (".copySync", Act::Copy), (".renameSync", Act::Move), (".rename", Act::Move), (".moveSync", Act::Move),
    (".chmodSync", Act::Metadata(0)), (".chmod", Act::Metadata(0)), (".chownSync", Act::Metadata(0)), (".utimesSync", Act::Metadata(0)),
    (".execSync", Act::Shell(0)), ("child_process.exec", Act::Shell(0)), ("cp.exec", Act::Shell(0)), ("exec", Act::Shell(0)), ("execaCommand", Act::Shell(0)), ("execaCommandSync", Act::Shell(0)), ("Bun.spawn", Act::Program), ("Bun.spawnSync", Act::Program), ("Deno.Command", Act::Program), ("Deno.run", Act::Program),
    (".spawn", Act::Program), (".spawnSync", Act::Program), (".execFile", Act::Program), (".execFileSync", Act::Program), (".fork", Act::Program), ("execa", Act::Program), ("execaSync", Act::Program), ("Worker", Act::Dynamic), ("process.kill", Act::Dynamic), ("process.binding", Act::Dynamic), ("process.dlopen", Act::Dynamic), ("shell.exec", Act::Shell(0)), ("shell.rm", Act::DeleteTree(1)),
    ("fetch", Act::Connect(true)), ("axios", Act::Connect(true)), ("axios.get", Act::Connect(false)), ("axios.head", Act::Connect(false)), ("axios.post", Act::Connect(true)), ("axios.put", Act::Connect(true)), ("axios.patch", Act::Connect(true)), ("axios.delete", Act::Connect(true)), ("axios.request", Act::Connect(true)), ("got", Act::Connect(true)), ("got.post", Act::Connect(true)),
    ("http.get", Act::Connect(false)), ("https.get", Act::Connect(false)), ("http.request", Act::Connect(true)), ("https.request", Act::Connect(true)), ("net.connect", Act::Connect(true)), ("net.createConnection", Act::Connect(true)), ("tls.connect", Act::Connect(true)), ("dgram.createSocket", Act::Connect(true)), ("dns.lookup", Act::Connect(false)), ("dns.resolve", Act::Connect(false)), ("WebSocket", Act::Connect(true)), ("XMLHttpRequest", Act::Connect(true)), ("Deno.connect", Act::Connect(true)), ("request", Act::Connect(true)),
    ("eval", Act::Dynamic), ("Function", Act::Dynamic), (".constructor.constructor", Act::Dynamic), (".runInNewContext", Act::Dynamic), (".runInThisContext", Act::Dynamic), (".runInContext", Act::Dynamic), ("vm.Script", Act::Dynamic), ("require", Act::Import), ("import", Act::Import), ("atob", Act::Dynamic), ("String.fromCharCode", Act::Dynamic), ("Reflect.get", Act::Dynamic), ("WebAssembly.instantiate", Act::Dynamic), ("process.mainModule.require", Act::Import), ("module.createRequire", Act::Dynamic), ("setTimeout", Act::Print),
    ("console.log", Act::Print), ("console.error", Act::Print), ("process.stdout.write", Act::Print),
];

const PERL: Table = &[
    ("open", Act::Open), ("sysopen", Act::Write(1)), ("opendir", Act::Read(1)), ("unlink", Act::Delete(0)), ("rmdir", Act::Delete(0)), ("remove_tree", Act::DeleteTree(0)), ("rmtree", Act::DeleteTree(0)), ("File.Path.remove_tree", Act::DeleteTree(0)),
    ("rename", Act::Move), ("move", Act::Move), ("copy", Act::Copy), ("symlink", Act::Change(1)), ("link", Act::Change(1)), ("mkdir", Act::Change(0)), ("make_path", Act::Change(0)), ("chmod", Act::Metadata(1)), ("chown", Act::Metadata(2)), ("utime", Act::Metadata(2)), ("truncate", Act::Write(0)), ("write_file", Act::Write(0)), ("read_file", Act::Read(0)),
    ("system", Act::Program), ("exec", Act::Program), ("fork", Act::Program), ("kill", Act::Dynamic), ("syscall", Act::Dynamic), ("eval", Act::Dynamic), ("do", Act::Import), ("require", Act::Import), ("unpack", Act::Dynamic), ("pack", Act::Dynamic), ("decode_base64", Act::Dynamic),
    ("socket", Act::Connect(true)), ("connect", Act::Connect(true)), ("IO.Socket.INET.new", Act::Connect(true)), ("LWP.UserAgent.new", Act::Connect(true)), ("HTTP.Tiny.new", Act::Connect(true)), ("LWP.Simple.get", Act::Connect(false)), ("getstore", Act::Connect(false)), ("Net.FTP.new", Act::Connect(true)),
    ("print", Act::Print), ("printf", Act::Print), ("say", Act::Print), ("die", Act::Print), ("warn", Act::Print),
];

const RUBY: Table = &[
    ("File.open", Act::Open), ("open", Act::Open), ("File.new", Act::Open), ("IO.popen", Act::Program), ("Open3.capture2", Act::Program), ("Open3.capture2e", Act::Program), ("Open3.capture3", Act::Program), ("Open3.popen3", Act::Program), ("PTY.spawn", Act::Program), ("Process.spawn", Act::Program), ("spawn", Act::Program), ("system", Act::Program), ("exec", Act::Program), ("Kernel.system", Act::Program), ("Kernel.exec", Act::Program), ("fork", Act::Program), ("Process.kill", Act::Dynamic), ("syscall", Act::Dynamic),
    ("File.read", Act::Read(0)), ("IO.read", Act::Read(0)), ("File.readlines", Act::Read(0)), ("IO.readlines", Act::Read(0)), ("File.binread", Act::Read(0)), ("File.foreach", Act::Read(0)), ("Dir.glob", Act::Read(0)), ("Dir.entries", Act::Read(0)), ("Dir.children", Act::Read(0)),
    ("File.write", Act::Write(0)), ("IO.write", Act::Write(0)), ("File.binwrite", Act::Write(0)), ("File.truncate", Act::Write(0)), ("FileUtils.touch", Act::Change(0)), ("FileUtils.mkdir_p", Act::Change(0)), ("FileUtils.mkdir", Act::Change(0)), ("Dir.mkdir", Act::Change(0)), ("File.symlink", Act::Change(1)), ("FileUtils.ln_s", Act::Change(1)), ("FileUtils.ln_sf", Act::Change(1)),
    ("File.delete", Act::Delete(0)), ("File.unlink", Act::Delete(0)), ("Dir.delete", Act::Delete(0)), ("Dir.rmdir", Act::Delete(0)), ("FileUtils.rm", Act::Delete(0)), ("FileUtils.rm_f", Act::Delete(0)), ("FileUtils.rm_r", Act::DeleteTree(0)), ("FileUtils.rm_rf", Act::DeleteTree(0)), ("FileUtils.remove_dir", Act::DeleteTree(0)), ("FileUtils.remove_entry", Act::DeleteTree(0)), ("FileUtils.remove_entry_secure", Act::DeleteTree(0)), ("FileUtils.rmtree", Act::DeleteTree(0)), ("rm_rf", Act::DeleteTree(0)),
    ("FileUtils.cp", Act::Copy), ("FileUtils.cp_r", Act::Copy), ("FileUtils.copy", Act::Copy), ("FileUtils.install", Act::Copy), ("FileUtils.mv", Act::Move), ("File.rename", Act::Move), ("FileUtils.move", Act::Move), ("File.chmod", Act::Metadata(1)), ("FileUtils.chmod", Act::Metadata(1)), ("FileUtils.chown", Act::Metadata(2)),
    ("Net.HTTP.get", Act::Connect(false)), ("Net.HTTP.post", Act::Connect(true)), ("Net.HTTP.post_form", Act::Connect(true)), ("Net.HTTP.start", Act::Connect(true)), ("Net.HTTP.new", Act::Connect(true)), ("URI.open", Act::Connect(false)), ("TCPSocket.new", Act::Connect(true)), ("TCPSocket.open", Act::Connect(true)), ("Socket.tcp", Act::Connect(true)), ("Socket.new", Act::Connect(true)), ("HTTParty.get", Act::Connect(false)), ("HTTParty.post", Act::Connect(true)), ("Faraday.get", Act::Connect(false)), ("Faraday.post", Act::Connect(true)), ("Faraday.new", Act::Connect(true)), ("RestClient.post", Act::Connect(true)),
    ("eval", Act::Dynamic), (".instance_eval", Act::Dynamic), (".class_eval", Act::Dynamic), (".module_eval", Act::Dynamic), (".send", Act::Dynamic), ("send", Act::Dynamic), (".public_send", Act::Dynamic), ("Marshal.load", Act::Dynamic), ("load", Act::Import), ("require", Act::Import), ("require_relative", Act::Import), ("Base64.decode64", Act::Dynamic), (".unpack", Act::Dynamic), (".unpack1", Act::Dynamic), (".const_get", Act::Dynamic), ("Fiddle.dlopen", Act::Dynamic),
    ("puts", Act::Print), ("print", Act::Print), ("p", Act::Print), ("pp", Act::Print),
];

const PHP: Table = &[
    ("fopen", Act::Open), ("file_get_contents", Act::Read(0)), ("file", Act::Read(0)), ("readfile", Act::Read(0)), ("scandir", Act::Read(0)), ("glob", Act::Read(0)), ("file_put_contents", Act::Write(0)), ("touch", Act::Change(0)), ("mkdir", Act::Change(0)), ("symlink", Act::Change(1)), ("link", Act::Change(1)), ("unlink", Act::Delete(0)), ("rmdir", Act::Delete(0)), ("rename", Act::Move), ("copy", Act::Copy), ("move_uploaded_file", Act::Move), ("chmod", Act::Metadata(0)), ("chown", Act::Metadata(0)),
    ("system", Act::Shell(0)), ("exec", Act::Shell(0)), ("shell_exec", Act::Shell(0)), ("passthru", Act::Shell(0)), ("popen", Act::Shell(0)), ("proc_open", Act::Shell(0)), ("pcntl_exec", Act::Program), ("mail", Act::Connect(true)),
    ("curl_init", Act::Connect(true)), ("curl_exec", Act::Connect(true)), ("fsockopen", Act::Connect(true)), ("stream_socket_client", Act::Connect(true)), ("socket_create", Act::Connect(true)), ("socket_connect", Act::Connect(true)),
    ("eval", Act::Dynamic), ("assert", Act::Dynamic), ("create_function", Act::Dynamic), ("call_user_func", Act::Dynamic), ("call_user_func_array", Act::Dynamic), ("preg_replace", Act::Print), ("unserialize", Act::Dynamic), ("base64_decode", Act::Dynamic), ("gzinflate", Act::Dynamic), ("str_rot13", Act::Dynamic), ("hex2bin", Act::Dynamic), ("include", Act::Import), ("include_once", Act::Import), ("require", Act::Import), ("require_once", Act::Import), ("dl", Act::Dynamic),
    ("echo", Act::Print), ("print", Act::Print), ("printf", Act::Print), ("var_dump", Act::Print),
];

const AWK: Table = &[("system", Act::Shell(0)), ("fflush", Act::Print), ("printf", Act::Print), ("print", Act::Print)];

const LUA: Table = &[
    ("io.open", Act::Open), ("io.lines", Act::Read(0)), ("io.output", Act::Write(0)), ("io.input", Act::Read(0)), ("io.popen", Act::Shell(0)), ("os.execute", Act::Shell(0)), ("os.remove", Act::Delete(0)), ("os.rename", Act::Move), ("load", Act::Dynamic), ("loadstring", Act::Dynamic), ("loadfile", Act::Import), ("dofile", Act::Import), ("require", Act::Import), ("package.loadlib", Act::Dynamic), ("debug.getregistry", Act::Dynamic), ("print", Act::Print), ("io.write", Act::Print),
];

/// What a name does when it is called; `None` where it is nobody we know.
pub(super) fn act(language: Language, name: &str) -> Option<Act> {
    let table = match language {
        Language::Python => PYTHON,
        Language::JavaScript => JAVASCRIPT,
        Language::Perl => PERL,
        Language::Ruby => RUBY,
        Language::Php => PHP,
        Language::Awk => AWK,
        Language::Lua => LUA,
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let whole = table.iter().find(|(key, _)| *key == name).map(|(_, act)| *act);
    // A function taken out of its module by name is the same function, save where the name alone is a common word.
    whole.or_else(|| {
        table
            .iter()
            .find(|(key, act)| {
                let method = key.strip_prefix('.') == Some(last);
                method && (name.contains('.') || !matches!(act, Act::Receiver(_)))
            })
            .map(|(_, act)| *act)
    })
}

/// Whether naming a function, without calling it, is enough to say that it may be called.
pub(super) fn hint(act: Act) -> Option<Hint> {
    match act {
        Act::Open | Act::Read(_) | Act::Print | Act::Import | Act::Receiver(_) => None,
        Act::Write(_) | Act::Change(_) | Act::Metadata(_) | Act::Copy => Some(Hint::Writes),
        Act::Delete(_) | Act::DeleteTree(_) | Act::Move => Some(Hint::Deletes),
        Act::Connect(_) => Some(Hint::Network),
        Act::Shell(_) | Act::Program => Some(Hint::Runs),
        Act::Dynamic => Some(Hint::Dynamic),
    }
}

/// Words that say what code may do wherever they stand: where patterns are not told from quotes for certain, a call
/// may hide in what looks like a string.
const ALARMING: &[(&str, Hint)] = &[
    ("system(", Hint::Runs), ("execSync", Hint::Runs), ("spawnSync", Hint::Runs), ("child_process", Hint::Runs), ("unlinkSync", Hint::Deletes), ("rmSync", Hint::Deletes),
    ("unlink ", Hint::Deletes), ("rm_rf", Hint::Deletes), ("remove_tree", Hint::Deletes), ("eval(", Hint::Dynamic), ("Function(", Hint::Dynamic), ("instance_eval", Hint::Dynamic),
];

/// Hints by such words that no token holds: a call that was read as one needs no hint.
pub(super) fn words_that_alarm(code: &str, tokens: &[Token]) -> BTreeSet<Hint> {
    let mut hints = BTreeSet::new();
    for (word, hint) in ALARMING.iter().filter(|(word, _)| code.contains(word)) {
        let bare = word.trim_end_matches(['(', ' ']);
        let shown = |token: &Token| match token {
            Token::Name(name) => name.contains(bare),
            Token::Text(text) => text == bare || text.ends_with(&format!(":{bare}")),
            Token::Command(_) | Token::Sign(_) => false,
        };
        if !tokens.iter().any(shown) {
            hints.insert(*hint);
        }
    }
    hints
}
