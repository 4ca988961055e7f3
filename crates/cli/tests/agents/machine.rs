//! A machine of its own for one run: a mount namespace whose `/etc` is a copy, in which `init --managed` writes the
//! machine's tier. The host's `/etc` stays as it is; the copy is gone from view with the last process.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What a command is started by so that it sees a machine whose administrator has this home.
pub fn within(home: &Path) -> Result<Vec<String>, String> {
    let machine = home.with_extension("machine");
    let _ = fs::remove_dir_all(&machine);
    let etc = machine.join("etc");
    let step = |what: &str, result: std::io::Result<()>| result.map_err(|error| format!("{what}: {error}"));
    step("a folder for the machine", fs::create_dir_all(&etc))?;
    // Where we are not root, what only root reads stays away.
    step("a copy of /etc", Command::new("cp").args(["-a", "/etc/."]).arg(&etc).output().map(drop))?;
    step("the administrator's home", administrator(&etc.join("passwd"), home))?;
    let enter = machine.join("enter");
    step("its door", fs::write(&enter, format!("set -e\nmount --bind '{}' /etc\nexec \"$@\"\n", etc.display())))?;
    let [plain, mapped] = ["--mount", "--map-root-user"].map(str::to_owned);
    let door = ["sh".to_owned(), enter.display().to_string()];
    let works = |options: &[String]| {
        let entered = Command::new("unshare").args(options).args(&door).arg("true").output();
        entered.is_ok_and(|output| output.status.success())
    };
    let options = [vec![plain.clone()], vec![plain, mapped]].into_iter().find(|options| works(options));
    let options = options.ok_or("this test needs mount namespaces: root, or user namespaces that are allowed")?;
    Ok(std::iter::once("unshare".to_owned()).chain(options).chain(door).collect())
}

/// Gives user 0 this home in the user database, which the managed hook goes by.
fn administrator(database: &Path, home: &Path) -> std::io::Result<()> {
    let text = fs::read_to_string(database)?;
    let line = |line: &str| {
        let mut fields: Vec<&str> = line.split(':').collect();
        let home = home.to_string_lossy();
        if fields.get(2) == Some(&"0")
            && let Some(place) = fields.get_mut(5)
        {
            *place = &home;
        }
        fields.join(":") + "\n"
    };
    fs::write(database, text.lines().map(line).collect::<String>())
}
