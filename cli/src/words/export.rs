//! Words for exports: what a format can't carry, what to do with the file, and the sheet to print.

use countersign::transfer::export::{Format, LeftOut, Lost, SheetWords};

use super::Language;

const fn in_language((english, japanese): (&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// What becomes of an account, by the name that scripts see.
pub fn of_carried(name: &str, language: Language) -> &'static str {
    let words = match name {
        "whole" => ("whole", "すべて"),
        "without" => ("in part", "一部"),
        _ => ("left out", "対象外"),
    };
    in_language(words, language)
}

/// Why an account is left out.
#[rustfmt::skip]
pub const fn of_left_out(why: LeftOut, language: Language) -> &'static str {
    let words = match why {
        LeftOut::NoCodes => ("It has no codes, and approvals can't leave this device: set it up anew on the other one.", "コードがありません。承認はこの端末から出せないため、移行先で設定し直してください。"),
        LeftOut::Kind => ("This format has no such kind of codes.", "この形式では扱えない種類のコードです。"),
        LeftOut::Algorithm => ("This format does not have its hash algorithm.", "この形式にないハッシュ アルゴリズムです。"),
        LeftOut::Digits => ("This format has no codes of this length.", "この形式にない桁数のコードです。"),
        LeftOut::Period => ("This format has no codes that last so many seconds.", "この形式にない更新間隔のコードです。"),
        LeftOut::Counter => ("The counter is too large for this format.", "カウンターがこの形式の上限を超えています。"),
        LeftOut::Secret => ("This format does not take a secret or PIN of this length or form.", "秘密の値または PIN の長さや形が、この形式に合いません。"),
        LeftOut::Name => ("The account name is not the address that this format needs: rename it to the person's user name, such as alice@example.com.", "アカウント名が、この形式に必要なアドレスではありません。alice@example.com のようなユーザー名に変えてください。"),
        LeftOut::TooLong => ("Names and secret are longer than a QR code holds.", "名前と秘密の値が QR コードに入る長さを超えています。"),
        LeftOut::Damaged => ("The account can't be read: the vault is damaged there.", "保管庫のこの部分が壊れているため、読めません。"),
    };
    in_language(words, language)
}

/// What of an account is not carried.
pub const fn of_lost(lost: Lost, language: Language) -> &'static str {
    let words = match lost {
        Lost::Approvals => {
            ("sign-in approvals (they can't leave this device)", "サインインの承認 (この端末から出せません)")
        }
        Lost::Note => ("the note", "メモ"),
        Lost::Tags => ("the tags", "タグ"),
        Lost::MoreTags => ("all tags but the first", "2 つ目以降のタグ"),
        Lost::Favourite => ("that it is a favourite", "お気に入りの印"),
        Lost::QrCode => (
            "the QR code, which would be too large (the secret is there to type)",
            "大きすぎる QR コード (秘密の値は入力用に載ります)",
        ),
    };
    in_language(words, language)
}

/// What to do with the file now.
#[rustfmt::skip]
pub const fn next_step(format: Format, language: Language) -> &'static str {
    let words = match format {
        Format::Otpauth | Format::Aegis | Format::TwoFas | Format::Cxf => ("Import it in the other app, compare a few codes, then delete the file, also from where it was sent or synchronised.", "移行先のアプリでインポートし、いくつかのコードを比べてから、ファイルを削除してください。送信先や同期先のものも忘れずに。"),
        Format::Google => ("In Google Authenticator: Transfer accounts, Import accounts, then scan each picture. Compare a few codes, then delete the pictures.", "Google Authenticator の「アカウントを移行」から「アカウントのインポート」を選び、画像を順に読み取ってください。いくつかのコードを比べてから、画像を削除してください。"),
        Format::Sheet => ("Open it in a browser and print it on A4. Keep the paper where you keep your passport, then delete the file.", "ブラウザーで開き、A4 で印刷してください。紙は大切な書類と同じ場所に保管し、ファイルは削除してください。"),
        Format::Entra => ("An administrator uploads it in the Entra admin center: Multifactor authentication, OATH tokens. The serial number is the account's id. Then delete the file.", "管理者が Entra 管理センターの多要素認証の OATH トークンでアップロードします。シリアル番号はアカウントの ID です。その後、ファイルを削除してください。"),
    };
    in_language(words, language)
}

/// The words of the sheet.
pub fn sheet(made: &str, language: Language) -> SheetWords {
    match language {
        Language::English => SheetWords {
            language: "en".to_owned(),
            title: "Accounts of Countersign".to_owned(),
            made: made.to_owned(),
            paragraphs: ENGLISH.map(ToOwned::to_owned).to_vec(),
            secret: "Key".to_owned(),
            pin: "PIN".to_owned(),
            digits: "Digits".to_owned(),
            period: "Period".to_owned(),
            counter: "Counter".to_owned(),
            algorithm: "Kind".to_owned(),
            tags: "Tags".to_owned(),
            note: "Note".to_owned(),
            favourite: "A favourite".to_owned(),
            no_code: "The names are too long for a QR code: type the key.".to_owned(),
        },
        Language::Japanese => SheetWords {
            language: "ja".to_owned(),
            title: "Countersign のアカウント".to_owned(),
            made: made.to_owned(),
            paragraphs: JAPANESE.map(ToOwned::to_owned).to_vec(),
            secret: "キー".to_owned(),
            pin: "PIN".to_owned(),
            digits: "桁数".to_owned(),
            period: "間隔".to_owned(),
            counter: "カウンター".to_owned(),
            algorithm: "種類".to_owned(),
            tags: "タグ".to_owned(),
            note: "メモ".to_owned(),
            favourite: "お気に入り".to_owned(),
            no_code: "名前が長すぎて QR コードにできません。キーを入力してください。".to_owned(),
        },
    }
}

const ENGLISH: [&str; 3] = [
    "To use it: in an authenticator app, add an account and scan its QR code, or type its key. Then compare the code with one that is known to be right.",
    "Whoever sees a QR code or a key on this sheet can make the account's codes. Keep it where you keep your passport, and let nobody photograph it.",
    "When it is printed, delete the file, and empty the printer's memory if others use the printer too.",
];

const JAPANESE: [&str; 3] = [
    "使い方: 認証アプリで「アカウントを追加」を選び、QR コードを読み取るか、キーを入力します。その後、正しいと分かっているコードと比べてください。",
    "この用紙の QR コードやキーを見た人は、誰でもコードを作れます。大切な書類と同じ場所に保管し、写真に撮らせないでください。",
    "印刷したらファイルを削除し、プリンターを共有している場合は印刷履歴も消してください。",
];
