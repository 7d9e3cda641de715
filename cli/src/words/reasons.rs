//! What each reason is and what to do now: the words that all apps share, and a command where an app has a button.

use countersign::reason::Reason;

use super::Language;

const ENGLISH: &str = include_str!("../../../words/reasons.en.properties");
const JAPANESE: &str = include_str!("../../../words/reasons.ja.properties");

/// The words of a reason of the core: what it is, and what to do now.
pub fn of_reason(reason: Reason, language: Language) -> (&'static str, &'static str) {
    let key = key_of(reason);
    let words = match language {
        Language::English => ENGLISH,
        Language::Japanese => JAPANESE,
    };
    let next = command_for(reason, language).or_else(|| sentence(words, &format!("{key}.next")));
    // A test holds that every reason has its words; without them its name is still better than nothing.
    (sentence(words, &key).unwrap_or(reason.name()), next.unwrap_or_default())
}

/// `NotASetupCode` is `not_a_setup_code` there.
fn key_of(reason: Reason) -> String {
    let mut key = String::new();
    for letter in reason.name().chars() {
        if letter.is_ascii_uppercase() && !key.is_empty() {
            key.push('_');
        }
        key.push(letter.to_ascii_lowercase());
    }
    key
}

fn sentence(words: &'static str, key: &str) -> Option<&'static str> {
    words.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
}

/// What to type, where there is a command for it.
#[rustfmt::skip]
const fn command_for(reason: Reason, language: Language) -> Option<&'static str> {
    let (english, japanese) = match reason {
        Reason::TrustNeeded => (
            "Compare the address with the one you know. If it is right, add --trust-host HOST[:PORT].",
            "アドレスを知っているものと比べ、正しければ --trust-host HOST[:PORT] を付けてください。",
        ),
        Reason::OrganisationExists => (
            "If the new ones are right, run it again with --replace.",
            "新しいものが正しければ、--replace を付けて実行し直してください。",
        ),
        Reason::ScanToAnswer => (
            "When a sign-in page shows a QR code: countersign approve --link PICTURE, or '-' for a pasted text.",
            "サインイン画面に QR コードが表示されたら: countersign approve --link 画像。文字列を貼り付けるときは「-」。",
        ),
        Reason::RequestBusy => (
            "Look at what came of it there. If it was stopped a moment ago: wait ten seconds, then do the same again.",
            "そちらの結果を見てください。少し前に中断したのなら、10 秒待って、もう一度行ってください。",
        ),
        Reason::NothingWaits => (
            "Start it on the page, and check again once the page waits for your phone: countersign expect. If the page says that the account is locked, ask your administrator.",
            "ページでサインインを始め、ページが電話の応答を待っている間に、もう一度確認してください: countersign expect。アカウントがロックされているとページに表示されるときは、管理者に問い合わせてください。",
        ),
        Reason::ClockNotMeasured => (
            "Look once: countersign pending. Then do it again.",
            "一度確認してから (countersign pending)、もう一度行ってください。",
        ),
        Reason::SignInScanned => (
            "If it is yours, on your own screen: countersign approve --link. Else leave it: somebody may want in as you.",
            "自分の画面に出ている自分のサインインなら: countersign approve --link。そうでなければ何もしないでください。誰かがあなたになりすまそうとしている可能性があります。",
        ),
        Reason::AnswerNeeded => (
            "Look at the sign-in page and give what it shows: --number or --answer.",
            "サインイン画面を見て、--number か --answer で指定してください。",
        ),
        Reason::PushAddressUnusable => (
            "Give a file with an app's FCM token, or with the https:// endpoint that a UnifiedPush distributor gave, and nothing around it.",
            "アプリの FCM トークン、または UnifiedPush のディストリビューターが渡した https:// のエンドポイントだけのファイルを指定してください。",
        ),
        Reason::NotPossibleHere => (
            "Look at what the account can do: countersign show.",
            "アカウントでできることを見るには: countersign show。",
        ),
        Reason::WrongPassword => (
            "Try again; look at Caps Lock and the keyboard's language. If it is forgotten: countersign passwd --with-recovery-code.",
            "Caps Lock と入力言語を確かめ、もう一度入力してください。忘れたときは: countersign passwd --with-recovery-code。",
        ),
        Reason::NotAVault => (
            "Choose another file with --vault.",
            "--vault で別のファイルを選んでください。",
        ),
        Reason::VaultNotFound => (
            "Make one: countersign init. Or choose another place with --vault.",
            "作るには: countersign init。別の場所なら --vault で選んでください。",
        ),
        Reason::VaultExists => (
            "Choose another place with --vault: nothing is overwritten.",
            "--vault で別の場所を選んでください。上書きはしません。",
        ),
        Reason::RolledBack => (
            "Find the newer file. If this one is right, open it with --accept-older.",
            "新しいファイルを探してください。これが正しければ、--accept-older を付けて開いてください。",
        ),
        Reason::NoSuchAccount => (
            "See what is there: countersign list.",
            "一覧を見るには: countersign list。",
        ),
        Reason::NoApprovals => (
            "It shows codes: countersign code.",
            "コードを表示するには: countersign code。",
        ),
        Reason::GoogleExport => (
            "Import it: countersign import PICTURE…, with all pictures of the export.",
            "インポートするには: countersign import 画像…。書き出しの画像をすべて指定してください。",
        ),
        Reason::PrivacyIdeaBackup => (
            "Import it with countersign import PICTURE.",
            "インポートするには: countersign import 画像…。",
        ),
        Reason::DerivationTooCostly => (
            "If the file is yours and this machine has the memory, allow it: --memory MIB.",
            "自分のファイルで、メモリが足りるなら、--memory MIB で許してください。",
        ),
        Reason::NoSuchImport => (
            "Move the accounts to the trash one by one: countersign remove.",
            "アカウントを 1 つずつごみ箱に移すには: countersign remove。",
        ),
        Reason::NotABackup => (
            "If it is the file of another app: countersign import.",
            "ほかのアプリのファイルなら: countersign import。",
        ),
        Reason::NoBackupPassword => (
            "Give one with --password-file after the word backup, or run it at a terminal: countersign backup.",
            "backup の後に --password-file で指定するか、端末で countersign backup を実行してください。",
        ),
        Reason::NotAddedThisWay => (
            "Look what it is: countersign recognise -",
            "何かを調べるには: countersign recognise -",
        ),
        _ => return None,
    };
    Some(match language {
        Language::English => english,
        Language::Japanese => japanese,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_words_are_those_of_the_reasons_in_their_order() {
        let keys: Vec<_> =
            Reason::ALL.iter().flat_map(|reason| [key_of(*reason), key_of(*reason) + ".next"]).collect();
        for words in [ENGLISH, JAPANESE] {
            let there: Vec<_> = words.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
            assert_eq!(there, keys);
        }
    }
}
