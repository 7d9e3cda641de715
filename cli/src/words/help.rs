//! `--help` in Japanese: the command line is described once, in `args.rs`, and its sentences are replaced here; examples are in `examples.rs`.

use clap::Command;

use super::{Language, examples};

/// The command line with its help in this language.
pub fn in_language(command: Command, language: Language) -> Command {
    let command = examples::add_to(command, language);
    match language {
        Language::English => command,
        Language::Japanese => in_japanese(command),
    }
}

fn in_japanese(mut command: Command) -> Command {
    // Built first: then what clap adds by itself is there to be translated as well.
    command.build();
    translate(command, "")
}

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

fn translate(mut command: Command, path: &str) -> Command {
    // `help` is below every command that has others.
    if let Some(about) = sentence(path).or_else(|| sentence("help").filter(|_| command.get_name() == "help"))
    {
        command = command.about(about).long_about(None);
    }
    let of = path.to_owned();
    command = command.help_template(TEMPLATE).subcommand_help_heading("コマンド").mut_args(|arg| {
        let heading = if arg.is_positional() { "引数" } else { "オプション" };
        let arg = arg.help_heading(heading);
        match sentence(&joined(&of, arg.get_id().as_str())).or_else(|| sentence(arg.get_id().as_str())) {
            Some(help) => arg.help(help).long_help(None).hide_possible_values(true),
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
    // What stands below `help` is the commands once more.
    let path = path.strip_suffix("help").map_or(path, str::trim_end);
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}

fn sentence(path: &str) -> Option<&'static str> {
    SENTENCES.iter().find(|(of, _)| *of == path).map(|(_, sentence)| *sentence)
}

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
    ("add", "アカウントを追加する: 設定ページの QR コードの画像、または標準入力の文字列か画像 (「-」)"),
    ("add input", "QR コードの画像、または標準入力の文字列か画像なら「-」"),
    ("add code", "画像に設定コードが複数あるとき、どれか: 最初のものなら 1"),
    ("trust_host", "このホストを質問なしで信頼する。コードが示すホストと同じであること"),
    ("client_id", "組織がアプリに渡したクライアント ID"),
    ("client_secret_file", "クライアント シークレットのファイル"),
    (
        "organisation",
        "標準入力 (「-」) の countersign://organisation リンクから、組織のクライアント資格情報を保存する",
    ),
    ("organisation replace", "同じ発行者の資格情報があれば置き換える"),
    ("import", "別のアプリのアカウントをインポートする: 書き出し、バックアップ、QR コードの画像"),
    ("import files", "別のアプリのファイル。まとまった複数のファイル、または標準入力なら「-」"),
    (
        "import password_file",
        "ファイルのパスワードをこのファイルから読む (「-」: 標準入力)。最後の改行は除く",
    ),
    ("import preview", "インポートすると何が起こるかを表示するだけ。保管庫がなくても使える"),
    ("import codes_at", "各アカウントの、この Unix 時刻のコード、またはカウンターのコードを表示する"),
    ("import only", "プレビューのこの行だけをインポートする。例: 1,3-5"),
    ("import without", "この行を除く"),
    ("import all", "すでにあるものも含め、インポートできる行をすべてインポートする"),
    ("import memory", "ファイルのパスワードのために使ってよいメモリ (MiB) [既定: 256]"),
    ("import yes", "質問なしでインポートする"),
    ("import undo", "インポートしたアカウントをすべてごみ箱に移す。ID がなければ最後のインポート"),
    (
        "export",
        "別のアプリのためのファイル、または印刷用の用紙を書き出す: そのファイルを持つ人は誰でもコードを作れる",
    ),
    (
        "export format",
        "どのアプリのためか: otpauth (設定リンクの一覧)、aegis、2fas、google (QR コードの画像)、cxf (FIDO の交換形式)、sheet (印刷用の HTML)、entra (Microsoft Entra のハードウェア トークンの CSV)",
    ),
    ("export accounts", "ID、またはアカウント名の語 [既定: ごみ箱にないものすべて]"),
    (
        "export output",
        "書き込むファイル、または標準出力なら「-」。google の画像は .png か .svg で、複数なら番号が付く",
    ),
    ("replace", "すでにあるファイルを置き換える"),
    (
        "export password_file",
        "新しいファイルのパスワードをこのファイルから読む (「-」: 標準入力)。最後の改行は除く",
    ),
    ("export plain", "aegis と 2fas をパスワードなしで書き出す"),
    ("export preview", "この形式で運べないものを表示するだけ。何も書き込まない"),
    ("export yes", "質問なしで書き出す"),
    (
        "init backup_folder",
        "変更のたびに、このフォルダーにバックアップを書き込む。backup で別のものを決めるまで、保管庫のパスワードで開く",
    ),
    ("recovery_code_file", "代わりに、このファイルの回復コードでバックアップを開く (「-」: 標準入力)"),
    ("backup", "すべてのアカウントの暗号化したバックアップを書き込む、または開けるか調べる"),
    ("backup file", "書き込むファイル [既定: 最後に指定したフォルダーの新しいファイル]"),
    ("backup folder", "今も、これからも、このフォルダーにバックアップを書き込む"),
    ("backup keep", "この保管庫のバックアップをフォルダーにいくつ残すか [既定: 10]"),
    ("backup automatic", "アカウントを変更するたびに自動で書き込むか"),
    (
        "backup new_recovery_code",
        "これからのバックアップを開く、もう 1 つの方法として回復コードを作る。表示は一度だけ",
    ),
    ("backup check", "このバックアップを開き、中身を表示する。何も書き込まない"),
    ("backup status", "最後のバックアップの日時と、バックアップの書き込み先を表示する。何も書き込まない"),
    (
        "backup password_file",
        "これからのバックアップの、または調べるバックアップのパスワード (「-」: 標準入力)",
    ),
    ("backup recovery_code_file", "調べるバックアップの回復コード (「-」: 標準入力)"),
    ("restore-backup", "バックアップのアカウントを、今あるものはそのままにして、元に戻す"),
    ("restore-backup file", "バックアップ。標準入力なら「-」"),
    (
        "restore-backup password_file",
        "ファイルのパスワードをこのファイルから読む (「-」: 標準入力)。最後の改行は除く",
    ),
    ("restore-backup preview", "元に戻すと何が起こるかを表示するだけ。保管庫がなくても使える"),
    ("restore-backup only", "プレビューのこの行だけを戻す。例: 1,3-5"),
    ("restore-backup without", "この行を除く"),
    ("restore-backup all", "すでにあるものも含め、戻せる行をすべて戻す"),
    ("restore-backup memory", "ファイルのパスワードのために使ってよいメモリ (MiB) [既定: 256]"),
    ("restore-backup yes", "質問なしで戻す"),
    ("list", "アカウントの一覧"),
    ("list search", "名前、タグ、メモにこの語を含むアカウントだけ"),
    ("list trash", "ごみ箱の中"),
    ("show", "1 つのアカウントについて、秘密以外のすべて"),
    ("query", "ID、またはアカウント名の語"),
    ("request", "要求の ID"),
    ("rename", "アカウントの名前を変える"),
    ("rename issuer", "アカウントの発行者"),
    ("rename account", "アカウント名"),
    ("code", "ワンタイム コードを表示する"),
    ("code at", "現在ではなく、この Unix 時刻のコード"),
    ("watch", "ライブ画面: コードと残り時間、検索、応答する要求"),
    ("pending", "応答を待っているサインインを探す"),
    ("pending query", "ID、またはアカウント名の語 [既定: すべて]"),
    ("pending expect", "要求が来るまで、2 秒ごとに、最長 2 分間探しつづける (expect と同じ)"),
    ("expect", "サインインを待つ: 要求が来るまで、2 秒ごとに、最長 2 分間探しつづける"),
    ("expect query", "ID、またはアカウント名の語 [既定: すべて]"),
    ("quiet", "要求が多すぎるとき、アカウントの通知を 1 時間止める"),
    ("quiet end", "通知を再開する"),
    ("history", "過去のサインインと、その結果"),
    ("history query", "ID、またはアカウント名の語 [既定: すべて]"),
    ("history clear", "すべて消去する"),
    ("approve", "サインイン画面に表示された番号で、サインインを承認する"),
    ("approve account", "要求のアカウント。同じ ID の要求が複数のアカウントにあるときに指定する"),
    ("approve number", "サインイン画面に表示された番号、またはその PIN"),
    (
        "approve link",
        "ID の代わりに、サインイン画面の QR コード (tiqr) の画像。画像または文字列を標準入力から読むときは「-」",
    ),
    ("approve yes", "読み取ったサインインを確認なしで承認する。自分の画面に出ているものに限る"),
    ("approve answer", "どの種類の答えでも: 番号、文字、PIN、語"),
    ("decline", "サインインを拒否する"),
    ("decline account", "要求のアカウント。同じ ID の要求が複数のアカウントにあるときに指定する"),
    (
        "decline link",
        "ID の代わりに、サインイン画面の QR コード (tiqr) の画像。画像または文字列を標準入力から読むときは「-」",
    ),
    (
        "decline reason",
        "理由: 「unknown_trigger」(自分ではない。「not-me」も可) または「cancelled」(自分だが、もう不要)",
    ),
    ("rotate-key", "アカウントに新しいデバイス キーを作る"),
    ("push-address", "サーバーのプッシュの送り先を登録または解除する。プッシュは「今確認して」の合図だけ"),
    ("push-address kind", "何が送るか: none (なし)、fcm (Firebase Cloud Messaging)、unifiedpush"),
    (
        "push-address address",
        "送り先のファイル: FCM トークン、または UnifiedPush のエンドポイント (「-」: 標準入力)。知っている人はこの電話を起こせる",
    ),
    ("lock-out", "サーバーにアカウントをロックさせる: パスワードを他人に知られたときの最後の手段"),
    ("lock-out yes", "質問なしで実行する: 元に戻せるのは管理者だけ"),
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
    ("qr show replace", "同じ名前のファイルがあれば置き換える"),
    ("output", "書き込む画像。.svg または .png"),
    ("recognise", "読み取った文字列が何かを、追加せずに言う"),
    ("input", "標準入力の文字列か画像なら「-」。設定の文字列は秘密なので、引数にはしない"),
    ("self-test", "サインインの要求が届かない理由を調べる: キー、ネットワーク、サーバー、時計、別の電話"),
    ("self-test query", "ID、またはアカウント名の語 [既定: すべて]"),
    ("clock", "サーバーの時計のずれと、それでコードを作るかどうか"),
    ("clock use_for_codes", "このアカウントと同じ発行者とアカウント名のコードを、そのサーバーの時計で作る"),
    ("clock not_for_codes", "このコンピューターの時計に戻す"),
    ("practice", "このコンピューター上の練習用サインイン サイトと、その横のライブ画面"),
    ("practice port", "127.0.0.1 のポート [既定: 空いているもの]"),
    ("practice database", "サイトの利用者と電話をこの SQLite ファイルに保存する [既定: 終了すると消える]"),
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
        for sub in command.get_subcommands() {
            untranslated(sub, &joined(path, sub.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_japanese_help() {
        let mut found = Vec::new();
        untranslated(&in_japanese(Cli::command()), "", &mut found);
        assert!(found.is_empty(), "{found:?}");
    }
}
