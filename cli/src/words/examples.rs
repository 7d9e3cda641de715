//! Examples below the help of each command: what is typed, and what it does where that needs words.

use clap::Command;

use super::Language;

/// A command line, and what it does in English and in Japanese.
type Example = (&'static str, &'static str, &'static str);

/// The command line with its examples.
pub fn add_to(command: Command, language: Language) -> Command {
    EXAMPLES.iter().fold(command, |command, (path, examples)| {
        let text = text_of(examples, language);
        let path: Vec<_> = path.split_whitespace().collect();
        at(command, &path, |command| command.after_help(text))
    })
}

/// The same command line, changed at the command of this path.
fn at(command: Command, path: &[&str], change: impl FnOnce(Command) -> Command) -> Command {
    match path.split_first() {
        None => change(command),
        // In a box: a closure in a closure for each name would be a type without an end.
        Some((name, rest)) => {
            let change: Box<dyn FnOnce(Command) -> Command> = Box::new(change);
            command.mut_subcommand(*name, |sub| at(sub, rest, change))
        }
    }
}

fn text_of(examples: &[Example], language: Language) -> String {
    let heading = match language {
        Language::English => "Examples:",
        Language::Japanese => "例:",
    };
    let widest = examples.iter().map(|(line, ..)| line.len()).max().unwrap_or(0);
    let lines = examples.iter().map(|(line, english, japanese)| {
        let words = match language {
            Language::English => english,
            Language::Japanese => japanese,
        };
        format!("  {line:widest$}  {words}").trim_end().to_owned()
    });
    std::iter::once(heading.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

#[rustfmt::skip]
const EXAMPLES: &[(&str, &[Example])] = &[
    ("", &[
        ("countersign demo", "watch a sign-in being set up and approved, on this machine alone", "サインインの設定と承認を、このコンピューターだけで見る"),
        ("countersign practice", "a sign-in site to try with the browser, and the phone beside it", "ブラウザーで試せる練習用サイトと、その横で動く電話"),
        ("countersign init", "make a vault", "保管庫を作る"),
        ("countersign add qr-code.png", "add the account of a QR picture", "QR コードの画像からアカウントを追加する"),
        ("countersign code example", "the code of the account that matches \"example\"", "「example」に一致するアカウントのコード"),
        ("countersign pending", "sign-ins that wait for an answer", "応答を待っているサインイン"),
        ("countersign approve 3f1c…", "type the number that the sign-in page shows", "サインイン画面の番号を入力する"),
    ]),
    ("init", &[
        ("countersign init", "asks for a password; a password manager may type it", "パスワードを質問する"),
        ("countersign init --backup-folder /mnt/usb/countersign", "with a backup after each change", "変更のたびにバックアップも書き込む"),
        ("countersign --vault try.db init", "a second vault beside the usual one", "いつものものとは別の保管庫"),
    ]),
    ("add", &[
        ("countersign add qr-code.png", "", ""),
        ("countersign add sheet.png --code 2", "the second of several codes in the picture", "画像の中の 2 番目のコード"),
        ("wl-paste | countersign add -", "a set-up link that was copied", "コピーした設定リンク"),
        ("countersign add qr-code.png --trust-host login.example:8443 --client-secret-file secret.txt", "", ""),
    ]),
    ("import", &[
        ("countersign import aegis-backup.json --preview", "what is in it, without a vault as well", "中身の確認。保管庫がなくてもよい"),
        ("countersign import part1.png part2.png part3.png", "the pictures of one Google Authenticator export", "Google Authenticator の書き出しの画像"),
        ("countersign import bitwarden.json --password-file pw.txt --only 1,3-5 --json", "", ""),
        ("countersign import ente.txt --memory 1024", "a file that wants much memory for its password", "パスワードに多くのメモリが必要なファイル"),
        ("countersign import --undo", "all accounts of the latest import go to the trash", "最後にインポートしたアカウントをすべてごみ箱へ"),
    ]),
    ("export", &[
        ("countersign export aegis -o accounts.json", "asks for a password of the new file", "新しいファイルのパスワードを質問する"),
        ("countersign export aegis -o accounts.json --password-file pw.txt --json", "", ""),
        ("countersign export google --preview", "what Google Authenticator can't take", "Google Authenticator に移せないもの"),
        ("countersign export google -o codes.png", "QR pictures, ten accounts in each", "QR コードの画像。1 枚に 10 個まで"),
        ("countersign export otpauth example alice -o - | gpg -c -o links.gpg", "these two accounts, without a file in the clear", "この 2 つだけ。平文のファイルは残らない"),
        ("countersign export sheet -o sheet.html", "to print and keep on paper", "印刷して紙で保管する"),
        ("countersign export entra alice@example.com -o token.csv", "a row for an administrator to upload", "管理者がアップロードする行"),
    ]),
    ("backup", &[
        ("countersign backup accounts.backup", "asks for a password the first time", "初回はパスワードを質問する"),
        ("countersign backup --folder ~/Nextcloud/countersign --keep 20 --automatic on", "after each change as well", "変更のたびにも書き込む"),
        ("countersign backup", "a new file in that folder", "そのフォルダーに新しいファイルを書き込む"),
        ("countersign backup --new-recovery-code", "a paper that opens backups from now on", "これからのバックアップを開く紙のコード"),
        ("countersign backup --status", "when was the last one, and where do they go?", "最後はいつか、どこに書き込まれるか"),
        ("countersign backup --check accounts.backup", "does it open, and what is in it?", "開けるか、何が入っているか"),
    ]),
    ("restore-backup", &[
        ("countersign restore-backup accounts.backup --preview", "what would come back, without a vault as well", "戻るものの確認。保管庫がなくてもよい"),
        ("countersign restore-backup accounts.backup --password-file pw.txt --only 1,3-5 --json", "", ""),
        ("countersign restore-backup accounts.backup --recovery-code-file code.txt --yes", "", ""),
        ("countersign import --undo", "take back what the latest one did", "最後の復元を取り消す"),
    ]),
    ("organisation", &[
        ("wl-paste | countersign organisation -", "a countersign://organisation link that was copied", "コピーした countersign://organisation リンク"),
        ("countersign organisation - --trust-host login.example --replace < link.txt", "", ""),
    ]),
    ("list", &[
        ("countersign list --search work", "", ""),
        ("countersign list --trash", "what can be taken back", "元に戻せるもの"),
        ("countersign list --json | jq -r '.accounts[].id'", "", ""),
    ]),
    ("show", &[("countersign show example", "", "")]),
    ("rename", &[("countersign rename example --issuer 'Example Ltd' --account alice", "", "")]),
    ("code", &[
        ("countersign code example", "", ""),
        ("countersign code alice --json", "", ""),
        ("countersign code alice --at 1700000000", "the code at that Unix time", "その Unix 時刻のコード"),
    ]),
    ("watch", &[
        ("countersign watch", "codes and requests as they come; its keys are on the screen", "コードと、届いた要求を表示する。操作キーは画面に表示"),
        ("countersign --vault try.db watch", "", ""),
    ]),
    ("pending", &[
        ("countersign pending", "", ""),
        ("countersign pending example --json", "", ""),
    ]),
    ("expect", &[
        ("countersign expect", "until a request comes, for two minutes", "要求が来るまで、最長 2 分間"),
        ("countersign expect example --json | jq -r '.requests[0].request'", "", ""),
    ]),
    ("quiet", &[
        ("countersign quiet example", "for an hour; requests are listed as before", "1 時間。要求はこれまでどおり一覧に表示"),
        ("countersign quiet example --end", "", ""),
    ]),
    ("history", &[
        ("countersign history", "", ""),
        ("countersign history example", "those of one account", "1 つのアカウントだけ"),
        ("countersign history --clear", "forget them", "消去する"),
    ]),
    ("approve", &[
        ("countersign approve 3f1c…", "asks for the number", "番号を質問する"),
        ("countersign approve 3f1c… --number 42", "", ""),
        ("countersign approve 3f1c… --answer K", "a letter or a word, where the server wants one", "文字や語を求めるサーバーで"),
        ("countersign approve --link sign-in.png", "a sign-in page of tiqr or eduID: asks before", "tiqr や eduID のサインイン画面。確認してから"),
    ]),
    ("decline", &[
        ("countersign decline 3f1c…", "", ""),
        ("countersign decline 3f1c… --reason not-me", "somebody else; offers to have the account locked", "自分ではない。アカウントのロックも選べる"),
        ("countersign decline 3f1c… --reason cancelled", "it was me, but no longer", "自分だが、もう不要"),
    ]),
    ("rotate-key", &[("countersign rotate-key example", "", "")]),
    ("push-address", &[
        ("countersign push-address example unifiedpush endpoint.txt", "a push to it only means \"look now\"; this program does not listen for it", "プッシュは「今確認して」の合図だけ。このプログラムは待ち受けない"),
        ("countersign push-address example fcm - < token.txt", "", ""),
        ("countersign push-address example none", "look by yourself: countersign pending", "自分で確認する: countersign pending"),
    ]),
    ("lock-out", &[
        ("countersign lock-out example", "asks before; only an administrator can undo it", "確認してから。元に戻せるのは管理者だけ"),
        ("countersign lock-out example --yes", "", ""),
    ]),
    ("remove", &[("countersign remove example", "", "")]),
    ("restore", &[("countersign restore example", "", "")]),
    ("purge", &[("countersign purge example", "asks before", "確認してから")]),
    ("passwd", &[
        ("countersign passwd", "", ""),
        ("countersign passwd --with-recovery-code", "when the old one is forgotten", "古いものを忘れたとき"),
        ("countersign passwd --with-recovery-code --new-password-file new.txt < code.txt", "without a terminal", "端末なしで"),
    ]),
    ("recovery", &[
        ("countersign recovery check", "before the paper is needed", "紙が必要になる前に"),
        ("countersign recovery new", "when the paper is lost", "紙をなくしたとき"),
    ]),
    ("recovery check", &[("countersign recovery check", "asks for the code and changes nothing", "コードを質問する。何も変えない")]),
    ("recovery new", &[("countersign recovery new", "the old one ends; the new one is shown once", "古いものは使えなくなる。新しいものは一度だけ表示")]),
    ("qr", &[
        ("countersign qr read photo.jpg", "the texts of its QR codes", "画像の QR コードの文字列"),
        ("countersign qr show example -o code.svg", "for another phone to scan", "別の電話で読み取るため"),
    ]),
    ("qr read", &[("countersign qr read *.png", "", "")]),
    ("qr show", &[
        ("countersign qr show example -o code.svg", "", ""),
        ("countersign qr show example -o code.png --replace", "in the place of the file that is there", "すでにあるファイルを置き換える"),
    ]),
    ("recognise", &[("wl-paste | countersign recognise -", "", "")]),
    ("self-test", &[("countersign self-test", "when a request is missing", "要求が届かないとき")]),
    ("clock", &[
        ("countersign clock", "", ""),
        ("countersign clock --use-for-codes example", "when its server refuses codes, as the clocks differ", "時計がずれていて、サーバーがコードを受け付けないとき"),
        ("countersign clock --not-for-codes example", "by this machine's clock again", "このコンピューターの時計に戻す"),
    ]),
    ("demo", &[("countersign demo", "nothing of it leaves this machine or stays on it", "このコンピューターだけで動き、何も残さない")]),
    ("practice", &[
        ("countersign practice", "", ""),
        ("countersign practice --vault try.db --port 8080 --database site.db", "to go on with later", "後で続きをする"),
        ("countersign practice --site-only --port 8080", "the page alone, for a phone in another terminal", "サイトだけ。電話は別の端末で"),
    ]),
    ("completions", &[("countersign completions bash > ~/.local/share/bash-completion/completions/countersign", "", "")]),
    ("man", &[("countersign man | man -l -", "", "")]),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Cli;

    #[test]
    fn every_command_has_examples_and_each_is_understood() {
        let has = |path: &str| assert!(EXAMPLES.iter().any(|(of, _)| *of == path), "{path}");
        for sub in Cli::command().get_subcommands() {
            has(sub.get_name());
            for below in sub.get_subcommands() {
                has(&format!("{} {}", sub.get_name(), below.get_name()));
            }
        }
        for (path, examples) in EXAMPLES {
            for (line, ..) in *examples {
                let typed = line.split(" | ").find(|part| part.starts_with("countersign")).unwrap();
                // What the shell takes for itself; a name in two words is one argument.
                let typed = typed.replace("'Example Ltd'", "Example_Ltd");
                let typed = typed.split(' ').take_while(|word| !["<", ">"].contains(word));
                let result = Cli::command().try_get_matches_from(typed);
                assert!(result.is_ok(), "{path}: {line}: {}", result.unwrap_err());
            }
        }
    }
}
