//! The words of the pages, in English and Japanese.
//!
//! Where the set-up guide that people know has a wording, it is used here.

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Japanese,
}

impl Language {
    /// The language that an `Accept-Language` header (RFC 9110 section 12.5.4) likes best; English without one.
    pub(crate) fn accepted(header: &str) -> Self {
        let weight = |wanted: &str| {
            header
                .split(',')
                .take(32)
                .filter_map(|range| {
                    let mut parts = range.split(';');
                    let name = parts.next()?.trim().to_ascii_lowercase();
                    let weight = parts.find_map(|part| part.trim().strip_prefix("q="));
                    let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
                    (name.split('-').next()? == wanted).then_some(weight)
                })
                .fold(0.0, f32::max)
        };
        if weight("ja") > weight("en") { Self::Japanese } else { Self::English }
    }

    /// The language that a form asks for by `en` or `ja`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Self::English),
            "ja" => Some(Self::Japanese),
            _ => None,
        }
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Japanese => &JAPANESE,
        }
    }
}

/// Every text of the pages. A field that one language lacked would not compile.
pub(crate) struct Words {
    /// The value of `lang`.
    pub(crate) lang: &'static str,
    /// Name of the site.
    pub(crate) site: &'static str,
    /// Said on every page.
    pub(crate) practice_note: &'static str,
    /// Name of the choice of language.
    pub(crate) language: &'static str,
    pub(crate) next: &'static str,
    pub(crate) back: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) done: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) user_name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) first_account: &'static str,
    pub(crate) no_account: &'static str,
    pub(crate) create: &'static str,
    pub(crate) create_note: &'static str,
    pub(crate) create_button: &'static str,
    pub(crate) wrong_password: &'static str,
    pub(crate) name_taken: &'static str,
    pub(crate) name_invalid: &'static str,
    pub(crate) too_many_users: &'static str,
    pub(crate) secure_title: &'static str,
    pub(crate) secure_text: &'static str,
    pub(crate) app_title: &'static str,
    pub(crate) app_step_open: &'static str,
    pub(crate) app_step_add: &'static str,
    pub(crate) app_step_next: &'static str,
    pub(crate) command_line: &'static str,
    pub(crate) app_command: &'static str,
    pub(crate) different_app: &'static str,
    pub(crate) this_app: &'static str,
    pub(crate) scan_title: &'static str,
    pub(crate) scan_text: &'static str,
    /// What a screen reader says for the picture.
    pub(crate) qr_alt: &'static str,
    pub(crate) cannot_scan: &'static str,
    pub(crate) copy_text: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) same_phone: &'static str,
    pub(crate) waiting_scan: &'static str,
    pub(crate) connected: &'static str,
    pub(crate) not_connected: &'static str,
    pub(crate) qr_expired: &'static str,
    pub(crate) qr_burnt: &'static str,
    pub(crate) new_qr: &'static str,
    pub(crate) codes_title: &'static str,
    pub(crate) codes_text: &'static str,
    pub(crate) codes_key: &'static str,
    pub(crate) codes_alt: &'static str,
    pub(crate) codes_link: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) code_hint: &'static str,
    pub(crate) wrong_code: &'static str,
    pub(crate) too_many_apps: &'static str,
    pub(crate) try_title: &'static str,
    pub(crate) try_text: &'static str,
    pub(crate) try_skip: &'static str,
    pub(crate) approve_title: &'static str,
    pub(crate) approve_text: &'static str,
    pub(crate) number_label: &'static str,
    pub(crate) pin_label: &'static str,
    /// Where nothing is to be carried over.
    pub(crate) no_number: &'static str,
    pub(crate) no_request: &'static str,
    /// `{}`: seconds.
    pub(crate) request_lasts: &'static str,
    pub(crate) approve_command: &'static str,
    pub(crate) same_phone_approve: &'static str,
    pub(crate) waiting_approval: &'static str,
    pub(crate) cannot_use_app: &'static str,
    pub(crate) denied_title: &'static str,
    pub(crate) denied_text: &'static str,
    pub(crate) expired_title: &'static str,
    pub(crate) expired_text: &'static str,
    pub(crate) send_again: &'static str,
    pub(crate) pending_title: &'static str,
    pub(crate) pending_text: &'static str,
    pub(crate) locked_title: &'static str,
    pub(crate) locked_text: &'static str,
    pub(crate) unlock: &'static str,
    pub(crate) sign_in_again: &'static str,
    pub(crate) verify_title: &'static str,
    pub(crate) verify_app: &'static str,
    pub(crate) verify_code: &'static str,
    pub(crate) verify_none: &'static str,
    pub(crate) enter_code: &'static str,
    pub(crate) enter_code_text: &'static str,
    pub(crate) verify: &'static str,
    pub(crate) code_used: &'static str,
    pub(crate) too_many_codes: &'static str,
    pub(crate) added_title: &'static str,
    pub(crate) added_text: &'static str,
    pub(crate) stay_title: &'static str,
    pub(crate) stay_text: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) home_title: &'static str,
    /// `{}`: user name.
    pub(crate) home_text: &'static str,
    pub(crate) home_next: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) security_title: &'static str,
    pub(crate) security_text: &'static str,
    pub(crate) security_empty: &'static str,
    pub(crate) add_method: &'static str,
    pub(crate) method_app: &'static str,
    pub(crate) method_codes: &'static str,
    pub(crate) method_default: &'static str,
    pub(crate) make_default: &'static str,
    pub(crate) delete: &'static str,
    /// `{}`: a date.
    pub(crate) added_on: &'static str,
    pub(crate) delete_title: &'static str,
    pub(crate) delete_text: &'static str,
    pub(crate) gone_title: &'static str,
    pub(crate) gone_text: &'static str,
    pub(crate) start_again: &'static str,
    pub(crate) broken_title: &'static str,
    pub(crate) broken_text: &'static str,
}

/// Puts values into the places `{}` of a text, in order.
pub(crate) fn fill(text: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut filled = String::with_capacity(text.len() + 32);
    for (at, part) in text.split("{}").enumerate() {
        if at > 0 {
            filled.push_str(values.next().copied().unwrap_or_default());
        }
        filled.push_str(part);
    }
    filled
}

const ENGLISH: Words = Words {
    lang: "en",
    site: "Practice sign-in",
    practice_note: "This site is for practice. It runs on this computer only, and no account here is a real one.",
    language: "Language",
    next: "Next",
    back: "Back",
    cancel: "Cancel",
    done: "Done",
    try_again: "Try again",
    sign_in: "Sign in",
    user_name: "User name",
    password: "Password",
    first_account: "There is a practice account already:",
    no_account: "No account yet?",
    create: "Create a practice account",
    create_note: "Any name will do. Don't use a password that you use elsewhere.",
    create_button: "Create account",
    wrong_password: "The user name or the password isn't right. Check both and try again.",
    name_taken: "This user name is taken. Choose another one.",
    name_invalid: "A user name has 1 to 64 characters, a password 1 to 128.",
    too_many_users: "There are too many practice accounts. Remove the practice database to begin anew.",
    secure_title: "Let's keep your account secure",
    secure_text: "We'll help you set up another way to prove that it's you: an authenticator app on your phone.",
    app_title: "Set up your account in app",
    app_step_open: "On your phone, open Countersign.",
    app_step_add: "Add an account and choose to scan a QR code.",
    app_step_next: "Choose Next on this page. It shows the code.",
    command_line: "With the command-line phone",
    app_command: "Run this command. On the next page, copy the text under “Can't scan the QR code?” and paste it.",
    different_app: "I want to use a different authenticator app",
    this_app: "I want to use Countersign with approvals",
    scan_title: "Scan the QR code",
    scan_text: "Use Countersign to scan the QR code. This connects the app with your account. After you have scanned it, choose Next.",
    qr_alt: "QR code for the set-up. Its text is under “Can't scan the QR code?”.",
    cannot_scan: "Can't scan the QR code?",
    copy_text: "Copy this text and paste it into the app:",
    copy: "Copy",
    copied: "Copied.",
    same_phone: "Is the app on this device? Open it with this link",
    waiting_scan: "Waiting for your phone.",
    connected: "Your phone is connected. Choose Next.",
    not_connected: "Your phone hasn't answered yet. Scan the code and finish the steps in the app, then choose Next.",
    qr_expired: "This QR code is no longer good. Get a new one.",
    qr_burnt: "The phone's name is in use already, so this QR code can't be used any more. Get a new one.",
    new_qr: "Show a new QR code",
    codes_title: "Set up one-time codes",
    codes_text: "Scan this QR code with any authenticator app, then enter the code that the app shows.",
    codes_key: "Or enter this key in the app:",
    codes_alt: "QR code for one-time codes. Its key is below.",
    codes_link: "Is the app on this device? Open it with this link",
    code_label: "Code",
    code_hint: "The 6 digits that the app shows now.",
    wrong_code: "That code isn't right. Enter the one that the app shows now.",
    too_many_apps: "You have five apps for codes already. Remove one first.",
    try_title: "Let's try it out",
    try_text: "We've sent a request to your app. Approve it there by entering the number shown below.",
    try_skip: "Finish without trying",
    approve_title: "Approve sign in request",
    approve_text: "Open your Authenticator app, and enter the number shown to sign in.",
    number_label: "Number to enter in the app",
    pin_label: "PIN to enter in the app",
    no_number: "There is nothing to enter: approve the request in the app.",
    no_request: "No request in your app? Open the app and let it look for requests: it may not get them by itself.",
    request_lasts: "The request waits for {} seconds.",
    approve_command: "With the command-line phone, run these commands:",
    same_phone_approve: "Is the app on this device? Open it to see the request",
    waiting_approval: "Waiting for your answer in the app.",
    cannot_use_app: "I can't use my authenticator app right now",
    denied_title: "The request was declined",
    denied_text: "You declined this request in the app, or a number was wrong. If that wasn't you, somebody knows your password: change it.",
    expired_title: "We didn't hear from you",
    expired_text: "We sent a request to your app, but no answer came in time.",
    send_again: "Send another request",
    pending_title: "You already have a pending request",
    pending_text: "Another sign-in with this account waits for its answer. Decline it in the app, or wait until it ends, then try again.",
    locked_title: "This account is locked",
    locked_text: "It was locked from your phone, and all sign-ins were stopped. At work, only your administrator can unlock it. Here you can do it yourself.",
    unlock: "Unlock the practice account",
    sign_in_again: "Sign in again",
    verify_title: "Verify your identity",
    verify_app: "Approve a request on my authenticator app",
    verify_code: "Use a verification code",
    verify_none: "There is no other way for this account. Use your app, or sign in again later.",
    enter_code: "Enter code",
    enter_code_text: "Enter the code that your authenticator app shows.",
    verify: "Verify",
    code_used: "That code isn't right, or it was used before. Wait for the next one.",
    too_many_codes: "Too many wrong codes. Sign in again.",
    added_title: "Authenticator added",
    added_text: "You can use it from now on when you sign in.",
    stay_title: "Stay signed in?",
    stay_text: "Then you won't have to sign in again so soon. Choose No on a computer that others use too.",
    yes: "Yes",
    no: "No",
    home_title: "You are signed in",
    home_text: "Signed in as {}.",
    home_next: "Now try a few things: decline a request, type a wrong number, let one expire, or look at your security info.",
    sign_out: "Sign out",
    security_title: "Security info",
    security_text: "These are the methods that you use to sign in.",
    security_empty: "You have no sign-in method besides your password.",
    add_method: "Add sign-in method",
    method_app: "Approvals in an app",
    method_codes: "One-time codes",
    method_default: "Default",
    make_default: "Make default",
    delete: "Delete",
    added_on: "Added {}",
    delete_title: "Delete this method?",
    delete_text: "You won't be able to sign in with it any more. This can't be undone. Remove the account in the app as well.",
    gone_title: "This page has moved on",
    gone_text: "What it was about has ended, or the form was too old. Nothing was changed.",
    start_again: "Start again",
    broken_title: "Something went wrong here",
    broken_text: "The practice site couldn't keep its data: perhaps the disk is full. Nothing was changed.",
};

const JAPANESE: Words = Words {
    lang: "ja",
    site: "サインインの練習",
    practice_note: "これは練習用のサイトです。このコンピューターの中だけで動いており、本物のアカウントは使用しません。",
    language: "言語",
    next: "次へ",
    back: "戻る",
    cancel: "キャンセル",
    done: "完了",
    try_again: "もう一度試す",
    sign_in: "サインイン",
    user_name: "ユーザー名",
    password: "パスワード",
    first_account: "練習用のアカウントをご利用いただけます。",
    no_account: "アカウントをお持ちでない場合",
    create: "練習用アカウントを作成",
    create_note: "名前は自由に決められます。ほかで使っているパスワードは入力しないでください。",
    create_button: "作成",
    wrong_password: "ユーザー名またはパスワードが正しくありません。確認してもう一度入力してください。",
    name_taken: "このユーザー名はすでに使われています。別の名前を入力してください。",
    name_invalid: "ユーザー名は 1 ～ 64 文字、パスワードは 1 ～ 128 文字で入力してください。",
    too_many_users: "練習用アカウントが多すぎます。練習用データベースを削除して、はじめからやり直してください。",
    secure_title: "アカウントのセキュリティ保護",
    secure_text: "ご本人であることを確認するもう 1 つの方法として、スマートフォンの認証アプリを設定します。",
    app_title: "アカウントのセットアップ",
    app_step_open: "スマートフォンで Countersign を開きます。",
    app_step_add: "アカウントの追加を選び、QR コードのスキャンを選びます。",
    app_step_next: "このページの「次へ」を選ぶと、QR コードが表示されます。",
    command_line: "コマンドラインのスマートフォンを使う場合",
    app_command: "次のコマンドを実行します。次のページの「QR コードをスキャンできない場合」にあるテキストをコピーして、貼り付けてください。",
    different_app: "別の認証アプリを使用します",
    this_app: "Countersign で承認を使用します",
    scan_title: "QR コードのスキャン",
    scan_text: "Countersign で QR コードをスキャンしてください。アプリとアカウントが接続されます。スキャンしたら「次へ」を選んでください。",
    qr_alt: "セットアップ用の QR コード。内容は「QR コードをスキャンできない場合」にあります。",
    cannot_scan: "QR コードをスキャンできない場合",
    copy_text: "次のテキストをコピーして、アプリに貼り付けてください。",
    copy: "コピー",
    copied: "コピーしました。",
    same_phone: "このデバイスのアプリを開いてセットアップする",
    waiting_scan: "スマートフォンからの応答を待っています。",
    connected: "スマートフォンが接続されました。「次へ」を選んでください。",
    not_connected: "スマートフォンからの応答がまだありません。QR コードをスキャンしてアプリでの操作を終えてから、「次へ」を選んでください。",
    qr_expired: "この QR コードは使用できなくなりました。新しい QR コードを表示してください。",
    qr_burnt: "同じ名前のスマートフォンがすでに登録されているため、この QR コードは使用できなくなりました。新しい QR コードを表示してください。",
    new_qr: "新しい QR コードを表示",
    codes_title: "ワンタイム コードのセットアップ",
    codes_text: "認証アプリで次の QR コードをスキャンし、アプリに表示されるコードを入力してください。",
    codes_key: "または、次のキーをアプリに入力してください。",
    codes_alt: "ワンタイム コード用の QR コード。キーは下にあります。",
    codes_link: "このデバイスのアプリを開いて追加する",
    code_label: "コード",
    code_hint: "アプリに表示されている 6 桁の数字です。",
    wrong_code: "コードが正しくありません。アプリに現在表示されているコードを入力してください。",
    too_many_apps: "コード用のアプリはすでに 5 個登録されています。先に 1 個削除してください。",
    try_title: "試してみましょう",
    try_text: "アプリに要求を送信しました。下に表示されている番号をアプリに入力して承認してください。",
    try_skip: "試さずに完了する",
    approve_title: "サインイン要求を承認",
    approve_text: "Authenticator アプリを開き、表示されている番号を入力してサインインしてください。",
    number_label: "アプリに入力する番号",
    pin_label: "アプリに入力する PIN",
    no_number: "入力する番号はありません。アプリで要求を承認してください。",
    no_request: "アプリに要求が表示されない場合は、アプリを開いて要求を確認してください。自動では届かないことがあります。",
    request_lasts: "要求は {} 秒間有効です。",
    approve_command: "コマンドラインのスマートフォンでは、次のコマンドを実行します。",
    same_phone_approve: "このデバイスのアプリを開いて要求を確認する",
    waiting_approval: "アプリでの応答を待っています。",
    cannot_use_app: "認証アプリを現在使用できません",
    denied_title: "要求は拒否されました",
    denied_text: "アプリで要求が拒否されたか、番号が正しくありませんでした。心当たりがない場合は、だれかがパスワードを知っています。パスワードを変更してください。",
    expired_title: "応答がありませんでした",
    expired_text: "アプリに要求を送信しましたが、時間内に応答がありませんでした。",
    send_again: "要求をもう一度送信",
    pending_title: "応答待ちの要求があります",
    pending_text: "このアカウントの別のサインインが応答を待っています。アプリで拒否するか、期限が切れるまで待ってから、もう一度試してください。",
    locked_title: "アカウントはロックされています",
    locked_text: "スマートフォンからロックされ、すべてのサインインが停止されました。実際の職場や学校では、管理者だけがロックを解除できます。この練習サイトでは自分で解除できます。",
    unlock: "練習用アカウントのロックを解除",
    sign_in_again: "もう一度サインイン",
    verify_title: "ID を確認する",
    verify_app: "認証アプリで要求を承認する",
    verify_code: "確認コードを使用する",
    verify_none: "このアカウントにはほかの確認方法がありません。アプリを使用するか、後でもう一度サインインしてください。",
    enter_code: "コードの入力",
    enter_code_text: "認証アプリに表示されているコードを入力してください。",
    verify: "検証",
    code_used: "コードが正しくないか、すでに使用されています。次のコードが表示されるまでお待ちください。",
    too_many_codes: "コードを何度も間違えたため、最初からやり直してください。",
    added_title: "認証アプリが追加されました",
    added_text: "次回から、サインインのときに使用できます。",
    stay_title: "サインインの状態を維持しますか?",
    stay_text: "「はい」を選ぶと、サインインを求められる回数が減ります。ほかの人も使うコンピューターでは「いいえ」を選んでください。",
    yes: "はい",
    no: "いいえ",
    home_title: "サインインしました",
    home_text: "{} としてサインインしています。",
    home_next: "ほかにも試してみましょう。要求を拒否する、間違った番号を入力する、期限切れにする、セキュリティ情報を確認するなどの操作ができます。",
    sign_out: "サインアウト",
    security_title: "セキュリティ情報",
    security_text: "サインインに使用する方法の一覧です。",
    security_empty: "パスワード以外のサインイン方法は登録されていません。",
    add_method: "サインイン方法の追加",
    method_app: "アプリでの承認",
    method_codes: "ワンタイム コード",
    method_default: "既定",
    make_default: "既定にする",
    delete: "削除",
    added_on: "{} に追加",
    delete_title: "この方法を削除しますか?",
    delete_text: "この方法ではサインインできなくなります。この操作は取り消せません。アプリのアカウントも削除してください。",
    gone_title: "このページは使用できません",
    gone_text: "対象の操作が終了したか、フォームの有効期限が切れています。何も変更されていません。",
    start_again: "最初からやり直す",
    broken_title: "問題が発生しました",
    broken_text: "練習サイトがデータを保存できませんでした。ディスクの空き容量を確認してください。何も変更されていません。",
};

#[cfg(test)]
mod tests {
    use super::{Language, fill};

    #[test]
    fn the_browser_decides_the_language() {
        for (header, japanese) in [
            ("", false),
            ("ja", true),
            ("ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", true),
            ("en-GB,en;q=0.9,ja;q=0.8", false),
            ("de,ja;q=0.3", true),
            ("en;q=0.1,ja;q=x", false),
            ("fr", false),
        ] {
            assert_eq!(Language::accepted(header) == Language::Japanese, japanese, "{header}");
        }
    }

    #[test]
    fn values_fill_their_places() {
        assert_eq!(fill("a {} b {}", &["{}", "2"]), "a {} b 2");
    }
}
