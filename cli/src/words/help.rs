//! `--help` in Japanese: the command line is described once, in `args.rs`, and its sentences are replaced here.

use clap::Command;

/// The command line with its help in Japanese.
pub fn in_japanese(command: Command) -> Command {
    translate(command, "").subcommand_help_heading("コマンド").next_help_heading("オプション")
}

fn translate(mut command: Command, path: &str) -> Command {
    if let Some(about) = sentence(path) {
        command = command.about(about).long_about(None);
    }
    if let Some((_, examples)) = EXAMPLES.iter().find(|(of, _)| *of == path) {
        command = command.after_help(*examples);
    }
    let of = path.to_owned();
    command = command.mut_args(|arg| {
        match sentence(&joined(&of, arg.get_id().as_str())).or_else(|| sentence(arg.get_id().as_str())) {
            Some(help) => arg.help(help).long_help(None),
            None => arg,
        }
    });
    let of = path.to_owned();
    command.mut_subcommands(move |sub| {
        let path = joined(&of, sub.get_name());
        translate(sub, &path)
    })
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}

fn sentence(path: &str) -> Option<&'static str> {
    SENTENCES.iter().find(|(of, _)| *of == path).map(|(_, sentence)| *sentence)
}

const EXAMPLES: &[(&str, &str)] = &[
    (
        "",
        "\
例:
  countersign demo                      サインインの設定と承認を、このコンピューターだけで見る
  countersign practice                  ブラウザーで試せる練習用サイトと、その横で動く電話
  countersign init                      保管庫を作る
  countersign add qr-code.png           QR コードの画像からアカウントを追加する
  countersign code example              「example」に一致するアカウントのコード
  countersign pending                   応答を待っているサインイン
  countersign approve 要求              サインイン画面の番号を入力する",
    ),
    (
        "add",
        "\
例:
  countersign add qr-code.png
  wl-paste | countersign add -
  countersign add qr-code.png --trust-host login.example:8443 --client-secret-file secret.txt",
    ),
    (
        "code",
        "\
例:
  countersign code example
  countersign code alice --json
  countersign code alice --at 1700000000",
    ),
    (
        "approve",
        "\
例:
  countersign pending
  countersign approve 3f1c… --number 42
  countersign approve 3f1c… --answer K",
    ),
];

/// Commands by their path, arguments by path and id; an id alone serves every command.
const SENTENCES: &[(&str, &str)] = &[
    ("", "職場や学校のアカウントのためのオープンな認証アプリ: コマンドラインの電話"),
    ("help", "このヘルプ、またはコマンドのヘルプを表示する"),
    ("version", "バージョンを表示する"),
    ("vault", "保管庫のファイル [既定: $XDG_DATA_HOME/countersign/vault.db]"),
    ("password_file", "保管庫のパスワードをこのファイルから読む (「-」: 標準入力)。最後の改行は除く"),
    ("accept_older", "ここで最後に見たものより古い保管庫でも開く"),
    ("json", "標準出力に JSON オブジェクトを 1 つだけ出す"),
    ("init", "保管庫を作る: 開くためのパスワードと、忘れた日のための回復コード"),
    ("add", "アカウントを追加する: 設定ページの QR コードの画像、または標準入力の文字列 (「-」)"),
    ("add input", "QR コードの画像、または標準入力の文字列なら「-」"),
    ("trust_host", "このホストを質問なしで信頼する。コードが示すホストと同じであること"),
    ("client_id", "組織がアプリに渡したクライアント ID"),
    ("client_secret_file", "クライアント シークレットのファイル"),
    (
        "organisation",
        "標準入力 (「-」) の countersign://organisation リンクから、組織のクライアント資格情報を保存する",
    ),
    ("organisation replace", "同じ発行者の資格情報があれば置き換える"),
    ("list", "アカウントの一覧"),
    ("list search", "名前、タグ、メモにこの語を含むアカウントだけ"),
    ("list trash", "ごみ箱の中"),
    ("show", "1 つのアカウントについて、秘密以外のすべて"),
    ("account", "ID、またはアカウント名の語"),
    ("id", "アカウントの ID、または名前の語"),
    ("query", "ID、またはアカウント名の語"),
    ("request", "要求の ID"),
    ("rename", "アカウントの名前を変える"),
    ("rename issuer", "アカウントの発行者"),
    ("rename account", "アカウント名"),
    ("code", "ワンタイム コードを表示する"),
    ("code at", "現在ではなく、この Unix 時刻のコード"),
    ("watch", "ライブ画面: コードと残り時間、検索、応答する要求"),
    ("pending", "応答を待っているサインインを探す"),
    ("pending account", "ID、またはアカウント名の語 [既定: すべて]"),
    ("pending expect", "要求が来るまで、2 秒ごとに、最長 2 分間探しつづける"),
    ("approve", "サインイン画面に表示された番号で、サインインを承認する"),
    ("approve account", "要求のアカウント。同じ ID の要求が複数のアカウントにあるときに指定する"),
    ("approve number", "サインイン画面に表示された番号、またはその PIN"),
    ("approve answer", "どの種類の答えでも: 番号、文字、PIN、語"),
    ("decline", "サインインを拒否する"),
    ("decline account", "要求のアカウント。同じ ID の要求が複数のアカウントにあるときに指定する"),
    ("decline reason", "理由: 「unknown_trigger」(自分ではない) または「cancelled」(自分だが、もう不要)"),
    ("rotate-key", "アカウントに新しいデバイス キーを作る"),
    ("lock-out", "サーバーにアカウントをロックさせる: パスワードを他人に知られたときの最後の手段"),
    ("lock-out yes", "実行する: 元に戻せるのは管理者だけ"),
    ("remove", "アカウントをごみ箱に移す"),
    ("restore", "アカウントをごみ箱から戻す"),
    ("purge", "ごみ箱のアカウントを完全に削除する"),
    ("purge yes", "質問なしで実行する: 元には戻せない"),
    ("passwd", "保管庫のパスワードを変える"),
    ("passwd new_password_file", "新しいパスワードのファイル (「-」: 標準入力)"),
    ("passwd with_recovery_code", "古いパスワードの代わりに、回復コード (質問する) で保管庫を開く"),
    ("recovery", "回復コード: パスワードを忘れたときの入り方"),
    ("recovery new", "新しい回復コードを作る。古いものは使えなくなる"),
    ("recovery check", "書き留めた回復コード (質問する、または標準入力) が正しいか確かめる"),
    ("qr", "QR コードの画像を読む、またはアカウントの設定コードを描く"),
    ("qr read", "画像の中の QR コードの文字列を表示する"),
    ("qr read files", "PNG、JPEG、WebP、GIF"),
    ("qr show", "アカウントの設定コードを描く: 見た人は誰でもそのアカウントを使える"),
    ("output", "書き込む画像。.svg または .png"),
    ("recognise", "読み取った文字列が何かを、追加せずに言う"),
    ("input", "標準入力の文字列なら「-」。設定の文字列は秘密なので、引数にはしない"),
    ("self-test", "サインインの要求に必要なものを調べる: キー、時計、サーバー"),
    ("self-test account", "ID、またはアカウント名の語 [既定: すべて]"),
    ("practice", "このコンピューター上の練習用サインイン サイトと、その横のライブ画面"),
    ("practice port", "127.0.0.1 のポート [既定: 空いているもの]"),
    ("practice site_only", "サイトだけ。横の電話はなし"),
    ("demo", "主な流れを最初から最後まで、このコンピューターだけで演じる"),
    ("completions", "シェルの補完を標準出力へ"),
    ("completions shell", "bash、zsh、fish、elvish、powershell"),
    ("man", "マニュアル ページ (roff) を標準出力へ"),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Cli;

    fn untranslated(command: &Command, path: &str, found: &mut Vec<String>) {
        let has_japanese = |text: Option<String>| text.is_some_and(|text| !text.is_ascii());
        if !has_japanese(command.get_about().map(ToString::to_string)) {
            found.push(path.to_owned());
        }
        for arg in command.get_arguments() {
            if !has_japanese(arg.get_help().map(ToString::to_string)) {
                found.push(joined(path, arg.get_id().as_str()));
            }
        }
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            untranslated(sub, &joined(path, sub.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_japanese_help() {
        let mut found = Vec::new();
        untranslated(&in_japanese(Cli::command()), "", &mut found);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn the_tables_name_nothing_that_is_not_there() {
        let mut command = Cli::command();
        command.build();
        for (path, _) in EXAMPLES {
            assert!(path.is_empty() || command.find_subcommand(path).is_some(), "{path}");
        }
    }
}
