//! Addresses in a text: what leads its reader somewhere, or money. In: any text. Out: web and mail addresses, hosts, account
//! and telephone numbers, as they stand there.

/// Last labels that are far more often the ending of a file's name than a domain.
const FILE_ENDINGS: [&str; 40] = [
    "txt", "md", "rs", "py", "js", "ts", "tsx", "jsx", "json", "yaml", "yml", "toml", "csv", "tsv", "pdf", "doc", "docx", "xls",
    "xlsx", "ppt", "pptx", "html", "htm", "css", "xml", "sh", "c", "h", "cpp", "java", "go", "rb", "png", "jpg", "jpeg", "gif",
    "svg", "zip", "gz", "log",
];

/// Digits in a row that are an account or a telephone number, and no year or amount.
const MIN_DIGITS: usize = 9;

/// Characters and digits of a number with letters in it.
const MIN_ACCOUNT: usize = 12;

/// The addresses in a text, each once.
#[must_use]
pub fn addresses(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let breaks = |letter: char| {
        letter.is_whitespace()
            || matches!(letter, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'' | '`' | ',' | ';' | '|' | '“' | '”')
    };
    for word in text.split(breaks) {
        let word = word.trim_matches(|letter: char| matches!(letter, '.' | ':' | '!' | '?' | '*' | '_' | '\\'));
        if (is_address(word) || is_number(word)) && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Whether a value names somebody or something outside by itself: a mail or web address, a host, an account number.
#[must_use]
pub fn is_address(word: &str) -> bool {
    if word.contains("://") {
        return true;
    }
    if word.contains(char::is_whitespace) {
        return false;
    }
    let host = word.rsplit('@').next().unwrap_or(word);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or(host);
    is_host(host, word.contains('@') || word.contains('/') || host.starts_with("www."))
}

/// Whether a name means somebody outside by itself, where it is all that is known of them. A bare word is what the service
/// makes of it.
#[must_use]
pub fn is_outside(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    is_address(name) || is_number(name) || digits >= MIN_DIGITS - 1 || name.trim_start_matches('@').contains('@')
}

/// The host of a web or mail address, where it is more than that.
#[must_use]
pub fn host(address: &str) -> Option<&str> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = rest.rsplit('@').next().unwrap_or(rest);
    let host = host.split(':').next().unwrap_or(host);
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host != address && is_host(host, true)).then_some(host)
}

/// Whether a value is an account, card or telephone number.
#[must_use]
pub fn is_number(word: &str) -> bool {
    let plain: String = word.chars().filter(|letter| !matches!(letter, '-' | ' ' | '+' | '/' | '.')).collect();
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let alone = plain.bytes().all(|byte| byte.is_ascii_digit());
    let dated = word.len() >= 8 && word.get(4..5) == Some("-") && word.get(7..8) == Some("-");
    let upper = plain.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    !dated && ((alone && digits >= MIN_DIGITS) || (upper && plain.len() >= MIN_ACCOUNT && digits * 2 >= plain.len()))
}

/// A name of at least two labels that ends like a domain. `sure`: what stands around it says that it is one.
fn is_host(host: &str, sure: bool) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let (Some(last), true) = (labels.last(), labels.len() >= 2) else { return false };
    let plain = |label: &&str| {
        !label.is_empty() && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
    };
    let address = labels.len() == 4 && labels.iter().all(|label| label.parse::<u8>().is_ok());
    let ending = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    let file = !sure && FILE_ENDINGS.contains(&last.to_ascii_lowercase().as_str());
    labels.iter().all(plain) && (address || (ending && !file))
}

#[cfg(test)]
mod tests {
    use super::{addresses, is_outside};

    #[test]
    fn addresses_are_found_as_they_stand() {
        let text = "See www.shop.example, write to <ann@mail.example>; [here](https://a.example/x?y=1). Pay DE89370400440532013000 or call +49 170-1234567.";
        assert_eq!(
            addresses(text),
            ["www.shop.example", "ann@mail.example", "https://a.example/x?y=1", "DE89370400440532013000", "170-1234567"]
        );
        assert_eq!(addresses("ring 0049-170-1234567 at 10.0.0.7"), ["0049-170-1234567", "10.0.0.7"]);
    }

    #[test]
    fn who_is_outside_is_so_by_the_name_alone() {
        for name in
            ["ann@mail.example", "root@localhost", "https://a.example", "shop.example", "12345678", "DE89370400440532013000"]
        {
            assert!(is_outside(name), "{name}");
        }
        for name in ["ann", "@ann", "general", "Hotel Sea View", "room 12"] {
            assert!(!is_outside(name), "{name}");
        }
    }

    #[test]
    fn names_dates_and_amounts_are_none() {
        assert!(
            addresses("bill-december.txt of 2024-05-15T10:00, e.g. 98.70 or 1,050.00 for Dr. Smith (see main.rs) v1.2.3")
                .is_empty()
        );
    }
}
