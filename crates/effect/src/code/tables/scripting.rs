//! Words of Perl, Ruby, PHP, awk and Lua that touch nothing but what they are given.

/// Functions and words of Perl.
pub(super) const PERL: &str = "\
    if elsif else unless while until for foreach last next redo return my our local and or not xor eq ne lt gt le ge \
    cmp x BEGIN END print printf say sprintf join split reverse sort map grep push pop shift unshift splice scalar \
    keys values each exists defined delete undef wantarray ref length substr index rindex uc lc ucfirst lcfirst chomp \
    chop chr ord hex oct abs int sqrt sin cos atan2 exp log rand srand time localtime gmtime sleep die warn exit eof \
    close binmode fileno tell seek read getc readline pos quotemeta STDIN STDOUT STDERR __LINE__ __FILE__ __PACKAGE__ \
    utf8 strict warnings feature POSIX.floor POSIX.ceil POSIX.strftime POSIX floor ceil strftime List.Util sum sum0 \
    max min first uniq shuffle any all none Data.Dumper Dumper JSON.PP decode_json encode_json to_json from_json use \
    no Time.HiRes Time.Local MIME.Base64 encode_base64 Getopt.Long Scalar.Util looks_like_number blessed constant \
    Text.Wrap Term.ANSIColor bigint bignum JSON Digest.MD5 md5_hex Digest.SHA sha1_hex sha256_hex Encode encode \
    decode _ a b";

/// Functions, words and constants of Ruby.
pub(super) const RUBY: &str = "\
    if elsif else unless while until for in do end def return next break redo begin rescue ensure then case when and \
    or not true false nil self yield class module puts print p pp printf sprintf format gets readlines readline rand \
    srand sleep exit abort raise loop lambda proc Integer Float String Array Hash Rational Complex STDIN STDOUT \
    STDERR ARGF ARGV ENV Math Time Date DateTime JSON CSV YAML Set Struct Comparable Enumerable Random Range Regexp \
    Symbol Proc BigDecimal SecureRandom Digest JSON.parse JSON.generate JSON.pretty_generate CSV.parse \
    Time.now Time.at Time.parse Date.today Date.parse Date.new Math.sqrt Math.sin Math.cos Math.log Math.log10 \
    Math.log2 Math.exp Math.hypot Math.PI Math.E Math.cbrt Float.INFINITY Float.NAN Set.new Hash.new Array.new \
    Struct.new String.new Regexp.new Regexp.escape Random.rand Random.new SecureRandom.hex SecureRandom.uuid \
    SecureRandom.random_number Digest.MD5.hexdigest Digest.SHA1.hexdigest Digest.SHA256.hexdigest STDIN.read \
    STDIN.gets STDIN.each_line STDIN.readlines STDIN.each STDOUT.puts STDOUT.print STDOUT.write STDOUT.flush \
    STDOUT.sync STDERR.puts STDERR.print ARGF.read ARGF.each_line ARGF.each ARGF.readlines ARGF.gets ARGV.first \
    ARGV.last ARGV.each ARGV.map ARGV.join ARGV.length ARGV.size ARGV.empty ENV.fetch ENV.key ENV.each ENV.keys \
    ENV.to_h ENV.sort File.basename File.dirname File.extname File.join File.exist File.file File.directory File.size \
    File.mtime File.expand_path File.stat Dir.pwd Dir.exist Dir.home Process.pid Process.clock_gettime \
    Process.CLOCK_MONOTONIC RUBY_VERSION RUBY_PLATFORM RUBY_ENGINE BEGIN END stdin stdout stderr _ StandardError \
    ArgumentError RuntimeError TypeError Errno.ENOENT KeyError IndexError JSON.ParserError Gem.version Gem.VERSION \
    Integer.MAX block_given";

/// Methods of Ruby's texts, numbers, collections, times and of files that were opened in the open.
pub(super) const RUBY_METHODS: &str = "\
    each each_with_index each_with_object each_line each_char each_byte each_slice each_cons each_pair each_key \
    each_value each_entry map flat_map collect select filter reject find detect find_all find_index index rindex \
    partition group_by chunk_while slice_when sort sort_by min max min_by max_by minmax sum count size length empty \
    any all none one include member first last take take_while drop drop_while zip product combination permutation \
    uniq compact flatten reverse rotate shuffle sample join tally inject reduce push append pop shift unshift insert \
    concat delete delete_if delete_at keep_if clear fill values_at fetch dig key keys values value has_key key_value \
    merge update store to_a to_h to_s to_i to_f to_r to_c to_sym_ to_json to_set transform_values transform_keys \
    filter_map cycle step upto downto times succ pred next_ ord chr hex oct strip lstrip rstrip chomp chop chars \
    bytes lines split upcase downcase capitalize swapcase center ljust rjust tr tr_s sub gsub scan match start_with \
    end_with slice squeeze casecmp casecmp_p unicode_normalize encode force_encoding valid_encoding prepend replace_ \
    freeze dup clone inspect nil is_a kind_of instance_of respond_to frozen zero positive negative even odd abs floor \
    ceil round truncate divmod modulo gcd lcm digits bit_length pow fdiv between clamp integer finite nan infinite \
    strftime year month day hour sec wday yday to_date to_time iso8601 new_ named_captures captures pre_match \
    post_match begin end puts print write read gets readlines readline close sync flush eof rewind lineno then tap \
    lazy force with_index with_object to_str hexdigest cover body";

/// Functions, words and constants of PHP.
pub(super) const PHP: &str = "\
    if else elseif for foreach as while do switch case default break continue return function fn static use echo \
    print exit die true false null TRUE FALSE NULL and or xor new_ isset empty unset list array php int string float \
    bool mixed void try catch finally throw global const match strlen str_replace str_ireplace substr strpos stripos \
    strrpos strtolower strtoupper ucfirst ucwords lcfirst trim ltrim rtrim explode implode join sprintf printf \
    number_format str_repeat str_pad strrev wordwrap nl2br htmlspecialchars strcmp strcasecmp substr_count \
    str_contains str_starts_with str_ends_with str_split mb_strlen mb_substr mb_strtoupper mb_strtolower chr ord \
    bin2hex dechex hexdec bindec decbin count sizeof in_array array_keys array_values array_merge array_slice \
    array_splice array_sum array_product array_unique array_reverse array_flip array_fill array_combine array_column \
    array_chunk array_diff array_intersect array_key_exists array_key_first array_key_last array_search array_shift \
    array_pop array_push array_unshift array_pad array_rand sort rsort ksort krsort asort arsort shuffle range \
    compact min max json_encode json_decode serialize var_dump print_r var_export md5 sha1 hash crc32 base64_encode \
    urlencode rawurlencode http_build_query parse_url uniqid random_int rand mt_rand abs ceil floor round sqrt pow \
    intdiv fmod pi log exp sin cos tan is_numeric is_string is_array is_int is_null is_bool is_float intval floatval \
    strval boolval gettype date time mktime strtotime microtime checkdate date_default_timezone_set sleep usleep \
    phpversion php_uname php_sapi_name PHP_EOL PHP_VERSION PHP_OS PHP_INT_MAX PHP_INT_SIZE PHP_BINARY M_PI STDIN \
    STDOUT STDERR JSON_PRETTY_PRINT JSON_UNESCAPED_SLASHES JSON_THROW_ON_ERROR fgets fread fgetcsv feof fclose fwrite \
    fputs fputcsv stream_get_contents getenv get_loaded_extensions extension_loaded function_exists class_exists \
    memory_get_usage gc_collect_cycles getcwd basename dirname pathinfo realpath file_exists is_file is_dir filesize \
    filemtime preg_match preg_match_all preg_split preg_quote preg_replace argv argc this";

/// Words and functions of awk besides variables; what is not here and is called is a function of the program.
pub(super) const AWK: &str = "\
    print printf getline next exit delete length substr index split sub gsub gensub match sprintf sin cos atan2 exp \
    log sqrt int rand srand tolower toupper systime strftime mktime close fflush asort asorti and or xor lshift \
    rshift compl strtonum typeof isarray patsplit nextfile";

/// Functions and words of Lua.
pub(super) const LUA: &str = "\
    if then else elseif end for in do while repeat until function local return break not and or nil true false goto \
    print pairs ipairs next type tostring tonumber select unpack error assert pcall xpcall rawlen rawequal arg \
    string.format string.rep string.sub string.len string.upper string.lower string.byte string.char string.find \
    string.match string.gmatch string.gsub string.reverse table.concat table.insert table.remove table.sort \
    table.unpack table.pack math.floor math.ceil math.max math.min math.abs math.sqrt math.random math.randomseed \
    math.pi math.huge math.sin math.cos math.log math.exp math.fmod math.tointeger math.type io.read io.write \
    io.stdout io.stderr io.stdin os.time os.date os.clock os.getenv os.exit os.difftime utf8.char utf8.len \
    utf8.codepoint _VERSION";

/// Methods of Lua's texts and open files.
pub(super) const LUA_METHODS: &str = "\
    format rep sub len upper lower byte find match gmatch gsub reverse read write lines close seek flush setvbuf";

/// What else is Lua's own.
pub(super) const LUA_OWN: &str = "\
    _G _ENV load loadstring loadfile dofile require package debug io os string table math coroutine getmetatable \
    setmetatable rawget rawset collectgarbage getfenv setfenv module newproxy utf8 bit32 jit ffi bit";
