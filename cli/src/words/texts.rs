//! Words for what a text is and for what was odd in it.

use countersign::approval::{AnswerResult, Check, CheckKind, DeclineReason};
use countersign::authenticator::{PastStanding, Scanned};
use countersign::link::Odd;
use countersign::otp::{Kind, Otp};
use countersign::reason::Reason;
use countersign::transfer::import::{Differs, Note};

use super::{
    Language, codes_by_time, codes_by_use, codes_of_motp, codes_of_steam, codes_of_yandex, declined,
    declined_cancelled, declined_not_me, is_approval, is_approval_next, is_codes, is_codes_next, is_guardian,
    is_guardian_next, is_look_now, is_look_now_next, is_organisation, is_organisation_next, is_sign_in,
    is_sign_in_next, of_reason, requests_open, server_ahead, server_behind, server_in_time, show_approvals,
    show_codes,
};
use crate::text::title_of;

/// What a scanned text is, and the next tap.
pub fn of_scanned(scanned: &Scanned, language: Language) -> (String, String) {
    if let Some(reason) = scanned.refusal() {
        let (what, next) = of_reason(reason, language);
        return (what.to_owned(), next.to_owned());
    }
    let origin = scanned.origin().map(ToString::to_string).unwrap_or_default();
    match scanned.kind() {
        "organisation" => (is_organisation(language, &origin), is_organisation_next(language)),
        "tiqr_sign_in" => {
            let server = scanned.issuer().unwrap_or_default();
            (
                is_sign_in(language, &title_of(server, scanned.account().unwrap_or_default())),
                is_sign_in_next(language),
            )
        }
        "look_now" => (is_look_now(language), is_look_now_next(language)),
        _ if scanned.system().is_some() => (is_approval(language, &origin), is_approval_next(language)),
        _ => {
            let title = title_of(scanned.issuer().unwrap_or_default(), scanned.account().unwrap_or_default());
            if scanned.odd().contains(&Odd::Auth0Guardian) {
                (is_guardian(language, &title), is_guardian_next(language))
            } else {
                (is_codes(language, &title), is_codes_next(language))
            }
        }
    }
}

/// What became of a request of the past, in a word.
#[rustfmt::skip]
pub const fn of_standing(standing: PastStanding, language: Language) -> &'static str {
    let (english, japanese) = match standing {
        PastStanding::Waiting => ("waiting", "応答待ち"),
        PastStanding::Unanswered | PastStanding::Answered(AnswerResult::Expired) => ("not answered", "応答なし"),
        PastStanding::Answered(AnswerResult::Approved) => ("approved", "承認"),
        PastStanding::Answered(AnswerResult::Declined) => ("declined", "拒否"),
        PastStanding::Answered(AnswerResult::AnsweredElsewhere) => ("no longer waiting", "待機終了"),
        PastStanding::Answered(AnswerResult::WrongAnswer) => ("wrong answer", "答えの間違い"),
        PastStanding::Answered(AnswerResult::Unknown) => ("not known", "不明"),
        PastStanding::LockedOut => ("account locked", "アカウントをロック"),
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// What became of a request whose answer the server did not take though nobody typed one: of the others it is known by
/// [`of_standing`].
pub const fn of_untyped(reason: Reason, language: Language) -> Option<&'static str> {
    Some(match (reason, language) {
        (Reason::ResponseRefused, Language::English) => "answer refused by the server",
        (Reason::ResponseRefused, Language::Japanese) => "サーバーが応答を拒否",
        (Reason::AccountBlocked, Language::English) => "account blocked by the server",
        (Reason::AccountBlocked, Language::Japanese) => "サーバーがアカウントをブロック",
        _ => return None,
    })
}

/// What a person is told who has declined one, by the reason.
pub fn of_declined(reason: Option<DeclineReason>, language: Language) -> String {
    match reason {
        None => declined(language),
        Some(DeclineReason::NotMe) => declined_not_me(language),
        Some(DeclineReason::Cancelled) => declined_cancelled(language),
    }
}

/// What became of a request of the past that was declined, by the reason.
pub const fn of_decline(reason: DeclineReason, language: Language) -> &'static str {
    match (reason, language) {
        (DeclineReason::NotMe, Language::English) => "declined: not me",
        (DeclineReason::NotMe, Language::Japanese) => "拒否: 本人ではない",
        (DeclineReason::Cancelled, Language::English) => "declined: no longer wanted",
        (DeclineReason::Cancelled, Language::Japanese) => "拒否: 取りやめ",
    }
}

/// What an account is for, in a list.
pub fn of_abilities(codes: bool, approvals: bool, language: Language) -> String {
    let words = [(codes, show_codes(language)), (approvals, show_approvals(language))];
    let can: Vec<_> = words.into_iter().filter_map(|(can, words)| can.then_some(words)).collect();
    can.join(", ")
}

/// What was odd in a set-up code and how it was read.
#[rustfmt::skip]
pub const fn of_odd(odd: Odd, language: Language) -> &'static str {
    let (english, japanese) = match odd {
        Odd::IssuersDiffer => ("The code names two issuers; the one of its own parameter is taken.", "コードに発行者が 2 つあります。パラメーターの方を使います。"),
        Odd::SecretOddLength => ("The secret stops in the middle of a byte; the incomplete bits are left out.", "秘密の値がバイトの途中で終わっています。余ったビットは除きます。"),
        Odd::SecretSpaced => ("The secret has spaces, dashes or padding in it; they are passed over.", "秘密の値に空白、ハイフン、または埋め草があります。無視します。"),
        Odd::SecretShort => ("The secret is shorter than the standard asks for (128 bits).", "秘密の値が標準 (128 ビット) より短いです。"),
        Odd::PlusReadAsSpace => ("A plus sign in a name is read as a space.", "名前の中の「+」を空白として読みました。"),
        Odd::ParameterRepeated => ("A parameter is given twice; the first counts.", "同じパラメーターが 2 回あります。最初のものを使います。"),
        Odd::HashInLabel => ("A '#' in the name is taken as part of it.", "名前の中の「#」を名前の一部として読みました。"),
        Odd::DefaultTaken => ("An empty parameter is read as the usual value.", "空のパラメーターを通常の値として読みました。"),
        Odd::ParameterIgnored => ("A parameter that this kind of code has no use for is passed over.", "この種類のコードでは使わないパラメーターを無視しました。"),
        Odd::CounterMissing => ("The counter is missing; it begins at 0.", "カウンターがありません。0 から始めます。"),
        Odd::HtmlEscaped => ("'&amp;' is read as '&'.", "「&amp;」を「&」として読みました。"),
        Odd::SteamMarker => ("These are Steam's codes: five letters and digits.", "Steam のコードです: 5 文字の英数字。"),
        Odd::NameCleaned => ("Invisible or unreadable characters in a name are left out.", "名前の中の見えない文字や読めない文字を除きました。"),
        Odd::NameShortened => ("A name is longer than 256 characters and has been cut.", "名前が 256 文字を超えるため、切り詰めました。"),
        Odd::Auth0Guardian => ("This is a code of Auth0 Guardian: its one-time codes work here, its sign-in requests reach only Auth0's own app. If the page keeps waiting, choose to enter a code instead.", "これは Auth0 Guardian のコードです。ここではワンタイム コードが使えますが、サインインの要求は Auth0 のアプリにだけ届きます。ページが待ち続けるときは、コードの入力を選んでください。"),
        Odd::ByteOrderMark => ("An invisible byte order mark beside the text is passed over.", "テキストの前後にある見えないバイト順マークを無視しました。"),
        Odd::SlashesMissing => ("The '//' behind 'otpauth:' is missing.", "「otpauth:」の後の「//」がありません。"),
        Odd::UnusualSpelling => ("A value is spelt in an unusual way, such as '+7' or 'Algorithm.sha256'; it is read as what it means.", "「+7」や「Algorithm.sha256」のような普通でない書き方の値を、その意味どおりに読みました。"),
        Odd::IssuerMissing => ("The code does not say who issues it.", "コードに発行者の名前がありません。"),
        Odd::AccountMissing => ("The code does not name an account.", "コードにアカウントの名前がありません。"),
        Odd::PercentAlone => ("A '%' in a name that encodes nothing is taken as part of it.", "名前の中の、何も表していない「%」を名前の一部として読みました。"),
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// What becomes of an entry of another app's file, by the name that scripts see.
pub fn of_outcome(name: &str, language: Language) -> &'static str {
    let (english, japanese) = match name {
        "new" => ("new", "新規"),
        "odd" => ("new, see note", "新規 (注意あり)"),
        "same" => ("there already", "既にある"),
        "differs" => ("differs", "違いあり"),
        _ => ("can't be taken", "インポート不可"),
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// In what an entry differs from an account of the vault; both are kept.
pub const fn of_difference(differs: Differs, language: Language) -> &'static str {
    let (english, japanese) = match differs {
        Differs::Seed => {
            ("an account of these names has another secret", "同じ名前で秘密の値が違うアカウントがあります")
        }
        Differs::Names => ("the same secret is there under other names", "同じ秘密の値が別の名前であります"),
        Differs::Parameters => {
            ("digits, period or algorithm differ", "桁数、間隔、またはアルゴリズムが違います")
        }
        Differs::Details => ("note, tags or favourite differ", "メモ、タグ、お気に入りのどれかが違います"),
        Differs::Counter => ("the counter differs", "カウンターが違います"),
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// What else is told of an entry.
pub const fn of_note(note: Note, language: Language) -> &'static str {
    let (english, japanese) = match note {
        Note::InTrash => ("in the other app's trash", "元のアプリのごみ箱にあります"),
        Note::BackToTrash => {
            ("was in the trash, and comes back there", "ごみ箱にあったので、ごみ箱に戻ります")
        }
        Note::ApprovalLeft => {
            ("approving sign-ins needs a new set-up", "サインインの承認は新しい設定が必要です")
        }
        Note::Shortened => {
            ("note or tags were too long and are cut", "メモまたはタグが長すぎるため、切り詰めます")
        }
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// What a self-test looks at.
pub const fn of_check(check: CheckKind, language: Language) -> &'static str {
    let (english, japanese) = match check {
        CheckKind::Key => ("device key", "デバイス キー"),
        CheckKind::Network => ("network", "ネットワーク"),
        CheckKind::Server => ("server", "サーバー"),
        CheckKind::Clock => ("clock", "時計"),
        CheckKind::Client => ("organisation's access", "組織のアクセス情報"),
        CheckKind::Registration => ("registration of this phone", "この電話の登録"),
        CheckKind::Requests => ("requests", "要求"),
        CheckKind::OtherPhone => ("another phone", "別の電話"),
        CheckKind::Notifications => ("notifications", "通知"),
        CheckKind::Background => ("background checks", "バックグラウンドでの確認"),
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// What a check has seen that works.
#[rustfmt::skip]
const fn of_passed(check: CheckKind, language: Language) -> &'static str {
    let (english, japanese) = match check {
        CheckKind::Key => ("What this phone keeps for the account can be used.", "この電話が持つアカウントの情報を使えます。"),
        CheckKind::Network => ("This device has a network.", "このデバイスはネットワークに接続しています。"),
        CheckKind::Server => ("The server answers.", "サーバーは応答します。"),
        CheckKind::Clock => ("The clocks agree to within half a minute.", "時計のずれは 30 秒以内です。"),
        CheckKind::Client => ("The server takes the organisation's credentials.", "サーバーは組織のアクセス情報を受け付けます。"),
        CheckKind::Registration => ("The server knows this phone.", "サーバーにこの電話の登録があります。"),
        CheckKind::Requests => ("Requests can be looked for.", "要求を確認できます。"),
        CheckKind::OtherPhone => ("No other phone has the account.", "このアカウントは別の電話にありません。"),
        CheckKind::Notifications => ("This app may show notifications.", "このアプリの通知は許可されています。"),
        CheckKind::Background => ("This app may look in the background.", "このアプリはバックグラウンドで確認できます。"),
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// How a check stands, at the start of its line.
pub const fn of_mark(works: Option<bool>) -> char {
    match works {
        Some(true) => '+',
        Some(false) => '!',
        None => '?',
    }
}

/// What a check has seen, and what to do now where that is not all well. `refused` has the words of its reason.
pub fn of_seen(
    check: &Check,
    refused: Option<(&'static str, &'static str)>,
    language: Language,
) -> (String, Option<&'static str>) {
    let figure = match (check.kind, check.figure) {
        (CheckKind::Clock, Some(seconds)) => Some(server_clock(seconds, language)),
        (CheckKind::Requests, Some(count)) if count > 0 => Some(requests_open(language, &count)),
        _ => None,
    };
    let (what, next) = match refused {
        Some((what, next)) => (Some(what), Some(next)),
        None if figure.is_some() => (None, None),
        None => (Some(of_passed(check.kind, language)), None),
    };
    let sentences = what.map(ToOwned::to_owned).into_iter().chain(figure);
    (sentences.collect::<Vec<_>>().join(" "), next)
}

/// How far a server's clock is ahead of this machine's.
pub fn server_clock(seconds: i64, language: Language) -> String {
    match seconds {
        0 => server_in_time(language),
        1.. => server_ahead(language, &seconds),
        _ => server_behind(language, &seconds.unsigned_abs()),
    }
}

/// What kind of codes these are.
pub fn of_codes(otp: &Otp, language: Language) -> String {
    let (algorithm, digits) = (otp.algorithm().name(), otp.digits());
    match otp.kind() {
        Kind::Totp { period } => codes_by_time(language, &algorithm, &digits, &period),
        Kind::Hotp { counter } => codes_by_use(language, &algorithm, &digits, &counter),
        Kind::Steam => codes_of_steam(language),
        Kind::Motp => codes_of_motp(language, &digits),
        Kind::Yandex => codes_of_yandex(language),
    }
}
