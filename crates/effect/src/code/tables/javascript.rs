//! Names of JavaScript as Node runs it: what is harmless, what is its own, and what its modules are called.

/// Words of the grammar.
pub(super) const KEYWORDS: &str = "\
    const let var function return if else for of in while do break continue switch case default throw try catch \
    finally new delete typeof instanceof void yield async await class extends static get set from as import export \
    true false null undefined NaN Infinity";

/// Its own functions, and members of its own objects, that touch nothing but what they are given.
pub(super) const HARMLESS_GLOBALS: &str = "\
    console.log console.error console.info console.warn console.table console.dir console.debug console.time \
    console.timeEnd console.assert console.group console.groupEnd console.count JSON.parse JSON.stringify JSON Object \
    Object.keys Object.values Object.entries Object.assign Object.fromEntries Object.freeze Object.is Object.create \
    Object.hasOwn Object.getOwnPropertyNames Object.groupBy Array Array.isArray Array.from Array.of Number \
    Number.isInteger Number.parseInt Number.parseFloat Number.isNaN Number.isFinite Number.isSafeInteger \
    Number.MAX_SAFE_INTEGER Number.MIN_SAFE_INTEGER Number.MAX_VALUE Number.EPSILON String String.raw Boolean Date \
    Date.now Date.UTC Date.parse RegExp Map Set WeakMap WeakSet Symbol Symbol.iterator Symbol.asyncIterator BigInt \
    Promise Promise.all Promise.resolve Promise.reject Promise.race Promise.allSettled Promise.any parseInt \
    parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape btoa Error \
    TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Math.abs Math.ceil Math.floor \
    Math.round Math.max Math.min Math.random Math.sqrt Math.pow Math.PI Math.E Math.log Math.log2 Math.log10 Math.exp \
    Math.sin Math.cos Math.tan Math.atan Math.atan2 Math.asin Math.acos Math.trunc Math.sign Math.cbrt Math.hypot \
    Math.SQRT2 Math.LN2 Buffer.from Buffer.alloc Buffer.concat Buffer.byteLength Buffer.isBuffer Buffer.compare URL \
    URLSearchParams TextEncoder TextDecoder Intl.NumberFormat Intl.DateTimeFormat Intl.Collator Intl.PluralRules \
    Intl.DateTimeFormat.supportedLocalesOf structuredClone queueMicrotask setTimeout setInterval setImmediate \
    clearTimeout clearInterval clearImmediate performance.now AbortController Uint8Array Int8Array Uint16Array \
    Int16Array Uint32Array Int32Array Float32Array Float64Array BigInt64Array ArrayBuffer DataView Uint8Array.from \
    crypto.randomUUID crypto.randomBytes crypto.createHash crypto.createHmac crypto.randomInt crypto.timingSafeEqual \
    crypto.getHashes process.argv process.env process.exit process.exitCode process.stdout.write process.stderr.write \
    process.stdout process.stderr process.stdin process.stdin.on process.stdin.setEncoding process.stdin.resume \
    process.version process.versions process.platform process.arch process.cwd process.hrtime process.hrtime.bigint \
    process.memoryUsage process.uptime process.pid process.ppid process.on process.once process.nextTick \
    process.title process.release process.execPath process.stdout.columns process.stdout.isTTY process.stdin.isTTY \
    process.versions.node process.argv.slice process.argv.length __dirname __filename path.join path.resolve \
    path.basename path.dirname path.extname path.normalize path.relative path.isAbsolute path.parse path.format \
    path.sep path.delimiter util.inspect util.format util.isDeepStrictEqual util.types util.parseArgs util.styleText \
    os.homedir os.tmpdir os.hostname os.cpus os.platform os.arch os.type os.release os.totalmem os.freemem os.uptime \
    os.EOL os.loadavg os.userInfo os.endianness os.version os.availableParallelism os.networkInterfaces url.parse \
    url.format url.fileURLToPath url.pathToFileURL url.URL querystring.parse querystring.stringify assert \
    assert.equal assert.strictEqual assert.deepEqual assert.deepStrictEqual assert.ok assert.notEqual assert.throws \
    assert.strict readline.createInterface readline.clearLine events.EventEmitter events.once \
    string_decoder.StringDecoder buffer.Buffer.from perf_hooks.performance.now zlib.gzipSync zlib.gunzipSync \
    zlib.deflateSync zlib.inflateSync zlib.brotliCompressSync zlib.brotliDecompressSync fs.existsSync fs.statSync \
    fs.lstatSync fs.accessSync fs.constants fs.promises.stat fs.promises.access fs.realpathSync \
    timers.promises.setTimeout";

/// The others that are its own.
pub(super) const OTHER_GLOBALS: &str = "\
    require module exports process global globalThis window self this arguments eval Function Proxy Reflect \
    WebAssembly Worker SharedWorker fetch XMLHttpRequest WebSocket EventSource Deno Bun importScripts navigator \
    Atomics SharedArrayBuffer FinalizationRegistry WeakRef AsyncFunction GeneratorFunction atob console Object Array \
    Buffer Math Intl crypto performance Event EventTarget MessageChannel MessagePort BroadcastChannel Blob File \
    FormData Headers Request Response ReadableStream WritableStream TransformStream CompressionStream \
    DecompressionStream Storage localStorage sessionStorage super with debugger alert prompt confirm Iterator \
    ShadowRealm repl gc primordials internalBinding";

/// Methods of texts, numbers, collections, dates, patterns, promises and streams that were opened in the open.
pub(super) const METHODS: &str = "\
    toString toLocaleString toFixed toPrecision toUpperCase toLowerCase trim trimStart trimEnd split join slice \
    substring substr charAt charCodeAt codePointAt at indexOf lastIndexOf includes startsWith endsWith repeat \
    padStart padEnd replace replaceAll match matchAll search concat localeCompare normalize push pop shift unshift \
    splice reverse sort toSorted toReversed fill flat keys values entries get set has add delete clear forEach map \
    filter reduce reduceRight find findIndex findLast findLastIndex some every flatMap test exec then catch finally \
    toISOString getTime getFullYear getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds toJSON \
    toLocaleDateString toLocaleTimeString toDateString getTimezoneOffset setDate setMonth setFullYear setHours \
    getUTCFullYear getUTCMonth getUTCDate json text arrayBuffer blob on once off setEncoding resume pause close end \
    write update digest format hasOwnProperty isPrototypeOf next return valueOf append isFile isDirectory \
    isSymbolicLink log error toUTCString setTime getUTCHours read";

/// Functions and methods that call what they are given.
pub(super) const CALLBACK_TAKERS: &str = "\
    forEach map filter reduce reduceRight find findIndex findLast findLastIndex some every flatMap sort toSorted \
    replace replaceAll then catch finally on once setTimeout setInterval setImmediate queueMicrotask nextTick from \
    parse stringify Promise groupBy fromEntries assign create throws";

/// Members that lead from a value to the interpreter's insides.
pub(super) const WAYS_IN: &str = "\
    constructor __proto__ prototype caller callee arguments mainModule binding _linkedBinding dlopen __defineGetter__ \
    __defineSetter__ __lookupGetter__ __lookupSetter__ _load _compile createRequire getBuiltinModule internalBinding \
    constructors getPrototypeOf _events";

/// Modules that come with it.
pub(super) const MODULES: &str = "\
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain \
    events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl sea \
    sqlite stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib \
    fs.promises dns.promises readline.promises stream.promises timers.promises path.posix path.win32 util.types \
    assert.strict inspector.promises stream.web test.reporters";
