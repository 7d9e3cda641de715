//! What each failure of the command line itself is and what to do now.

use super::Language;
use crate::failure::Own;

/// The words of a failure that only the command line has: what it is, and what to do now.
#[rustfmt::skip]
pub const fn of_own(own: Own, language: Language) -> (&'static str, &'static str) {
    let ((what, next), (what_ja, next_ja)) = match own {
        Own::NotASignIn => (
            ("This is no sign-in's code, or a damaged one. Nothing has been sent.", "Look for the QR code that the sign-in page shows while it waits for the phone, and scan that."),
            ("サインインのコードではないか、壊れています。何も送っていません。", "サインイン画面に表示されている、応答待ちの QR コードを読み取ってください。"),
        ),
        Own::Ambiguous => (
            ("Several accounts match.", "Give the account's id, or more of its name; for a request with --account."),
            ("複数のアカウントが一致します。", "アカウントの ID か、名前をもっと詳しく指定してください。要求には --account を使います。"),
        ),
        Own::AccountNotFound => (
            ("No account matches.", "See what is there: countersign list."),
            ("一致するアカウントがありません。", "一覧を見るには: countersign list。"),
        ),
        Own::FileUnreadable => (
            ("This file can't be read.", "Look at its name and permissions."),
            ("このファイルは読めません。", "名前とアクセス許可を確かめてください。"),
        ),
        Own::InputTooLarge => (
            ("This is longer than any set-up text, password or secret: nothing over 64 KiB is read.", "Give the text alone, without what may stand around it."),
            ("設定テキスト、パスワード、秘密の値としては長すぎます。64 KiB を超えるものは読みません。", "前後にあるものを除いて、そのテキストだけを渡してください。"),
        ),
        Own::HomeUnknown => (
            ("HOME is not set, so there is no place for the vault and for what was last seen of it.", "Set HOME. Or give the vault with --vault FILE and set XDG_STATE_HOME to a folder."),
            ("HOME が設定されていないため、保管庫と、最後に見た状態の置き場所がありません。", "HOME を設定してください。または --vault ファイル を付け、XDG_STATE_HOME にフォルダーを設定してください。"),
        ),
        Own::FileUnwritable => (
            ("This file can't be written.", "Look at the permissions of its folder and at the space left."),
            ("このファイルに書き込めません。", "フォルダーのアクセス許可と空き容量を確かめてください。"),
        ),
        Own::FileExists => (
            ("There is a file of this name already. It has been left as it is.", "Give another name. Where the command has --replace, that replaces it."),
            ("この名前のファイルがすでにあります。何も変えていません。", "別の名前を指定してください。--replace があるコマンドでは、それで置き換えられます。"),
        ),
        Own::PictureKindUnknown => (
            ("The file's name does not say which kind of picture it is to be.", "End it with .svg or .png."),
            ("ファイル名から画像の種類が分かりません。", "名前の最後を .svg か .png にしてください。"),
        ),
        Own::PasswordNeeded => (
            ("A password is needed and there is nobody to ask.", "Give it with --password-file FILE before the command."),
            ("パスワードが必要ですが、質問できる端末がありません。", "コマンドの前に --password-file ファイル を付けてください。"),
        ),
        Own::FilePasswordNeeded => (
            ("This file needs the password that was chosen for it in the other app, and there is no terminal to ask at.", "Give it with --password-file after the word import, or run it at a terminal."),
            ("このファイルには、元のアプリで決めたパスワードが必要ですが、質問できる端末がありません。", "import の後に --password-file で指定するか、端末で実行してください。"),
        ),
        Own::NewPasswordNeeded => (
            ("A new password is needed, and there is no terminal to ask for it.", "Give it with --new-password-file after passwd, or --password-file after export. An export can also be written without one: --plain."),
            ("新しいパスワードが必要ですが、質問できる端末がありません。", "passwd の後に --new-password-file で、export の後に --password-file で指定してください。パスワードなしで書き出すには --plain を付けてください。"),
        ),
        Own::NothingToExport => (
            ("There is no account that can be exported in this format. Nothing has been written.", "See why: the same with --preview. Or choose another format."),
            ("この形式で書き出せるアカウントがありません。何も書き込んでいません。", "理由を見るには --preview を付けるか、別の形式を選んでください。"),
        ),
        Own::PasswordUnusable => (
            ("The password is empty, or was not typed the same twice.", "Try again."),
            ("パスワードが空か、2 回の入力が一致しません。", "もう一度行ってください。"),
        ),
        Own::AnswerNeeded => (
            ("A question needs an answer and there is nobody to ask.", "Run it in a terminal, or give the answer as an option: see --help."),
            ("答えが必要ですが、質問できる端末がありません。", "端末で実行するか、オプションで答えを指定してください。--help を参照。"),
        ),
        Own::YesNeeded => (
            ("This can't be undone from here, so it needs a yes.", "If you mean it, add --yes."),
            ("ここからは元に戻せないため、確認が必要です。", "本当に行うなら、--yes を付けてください。"),
        ),
        Own::Cancelled => (
            ("Stopped. Nothing has been changed.", "Begin again when you like."),
            ("中止しました。何も変更していません。", "必要になったら、やり直してください。"),
        ),
        Own::BackupPlaceNeeded => (
            ("Nothing says where the backup goes.", "Give a file, countersign backup FILE, or a folder: countersign backup --folder DIR."),
            ("バックアップの書き込み先がわかりません。", "ファイルか (countersign backup ファイル)、フォルダーを指定してください (countersign backup --folder フォルダー)。"),
        ),
        Own::SeveralCodes => (
            ("This picture has several set-up codes.", "Say which one with --code NUMBER; its number is its place in the list."),
            ("この画像には複数の設定コードがあります。", "--code 番号 で指定してください。番号は一覧の順番です。"),
        ),
        Own::NoSuchCode => (
            ("There is no set-up code of this number.", "Leave --code out, or give the code's place in the picture: 1 is the first."),
            ("この番号の設定コードはありません。", "--code を外すか、画像での順番を指定してください。最初は 1 です。"),
        ),
        Own::Interrupted => (
            ("Stopped.", "What was under way may have arrived. A command that talks to a server looks what became of it, two minutes from now at the earliest."),
            ("中断しました。", "途中の処理は、サーバーに届いたかもしれません。2 分以上後に、サーバーと通信するコマンドが結果を確認します。"),
        ),
        Own::NoCodes => (
            ("This account has no one-time codes.", "It answers sign-in requests: countersign pending."),
            ("このアカウントにワンタイム コードはありません。", "サインインの要求に答えるには: countersign pending。"),
        ),
        Own::NoApprovals => (
            ("This account answers no sign-in requests.", "It shows codes: countersign code."),
            ("このアカウントはサインインの要求に対応していません。", "コードを表示するには: countersign code。"),
        ),
        Own::TerminalNeeded => (
            ("The live screen needs a terminal.", "Run it in a terminal window. Without one: countersign code, countersign pending, or practice --site-only."),
            ("ライブ画面には端末が必要です。", "端末で実行してください。端末がないときは: countersign code、countersign pending、practice --site-only。"),
        ),
        Own::PortUnusable => (
            ("The practice site can't use this port: another program has it, or it is not allowed.", "Choose another one with --port, or leave it out to take a free one."),
            ("練習サイトはこのポートを使えません。別のプログラムが使用中か、許可されていません。", "--port で別のポートを指定するか、省略して空いているポートを使ってください。"),
        ),
        Own::DatabaseUnusable => (
            ("The practice site can't use this file.", "Give a file of a practice site of this version, or a name that is not there yet."),
            ("練習サイトはこのファイルを使えません。", "このバージョンの練習サイトのファイルか、まだないファイル名を指定してください。"),
        ),
        Own::ResultUnwritten => (
            ("It is done, but its result could not be written and is lost.", "Look at the space left where it should go, and ask for it again. A new recovery code: countersign recovery new."),
            ("処理は完了しましたが、結果を書き込めず、失われました。", "出力先の空き容量を確かめ、もう一度求めてください。回復コードを作り直すには: countersign recovery new。"),
        ),
        Own::DemoStopped => (
            ("The demo stopped, as something was not as it should be.", "Run it again. If it stops at the same place, please report the lines above."),
            ("想定外のことが起きたため、デモを中止しました。", "もう一度実行してください。同じところで止まるときは、上の行を報告してください。"),
        ),
        Own::Usage => (
            ("The command line is not right.", "See countersign COMMAND --help."),
            ("コマンドラインが正しくありません。", "countersign コマンド --help を参照してください。"),
        ),
        Own::Internal => (
            ("The program itself failed.", "Please report it with what you typed, without secrets."),
            ("プログラム自体の誤りです。", "秘密を除いて、入力した内容を報告してください。"),
        ),
    };
    match language {
        Language::English => (what, next),
        Language::Japanese => (what_ja, next_ja),
    }
}
