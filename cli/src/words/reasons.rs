//! What each reason is and what to do now.

use countersign::reason::Reason;

use super::Language;

/// The words of a reason of the core: what it is, and the next tap.
#[rustfmt::skip]
pub const fn of_reason(reason: Reason, language: Language) -> (&'static str, &'static str) {
    let ((what, next), (what_ja, next_ja)) = match reason {
        Reason::NotASetupCode => (
            ("This text is not a set-up code.", "On the web page, look for the step that shows a QR code for an authenticator app, and scan that."),
            ("この文字列は設定コードではありません。", "Web ページで、認証アプリ用の QR コードが表示される手順を探し、それを読み取ってください。"),
        ),
        Reason::MicrosoftPush => (
            ("This code is for Microsoft's own sign-in requests, which only Microsoft Authenticator can receive.", "On the web page choose \"I want to use a different authenticator app\", then scan the new code. If that choice is missing, your organisation does not allow it: ask its help desk."),
            ("これは Microsoft 独自のサインイン要求のためのコードで、Microsoft Authenticator だけが使えます。", "Web ページで「別の認証アプリを使用します」を選び、新しく表示されるコードを読み取ってください。その選択肢がないときは、組織が許可していません。ヘルプ デスクに問い合わせてください。"),
        ),
        Reason::MicrosoftActivation => (
            ("This link activates Microsoft Authenticator, and no other app can use it.", "On the web page choose \"I want to use a different authenticator app\", then scan the new code. If that choice is missing, your organisation does not allow it: ask its help desk."),
            ("このリンクは Microsoft Authenticator を有効にするもので、ほかのアプリでは使えません。", "Web ページで「別の認証アプリを使用します」を選び、新しく表示されるコードを読み取ってください。その選択肢がないときは、組織が許可していません。ヘルプ デスクに問い合わせてください。"),
        ),
        Reason::OktaVerify => (
            ("This code is for Okta Verify, and no other app can use it.", "On the web page go back and choose \"Google Authenticator\": it works with this app."),
            ("これは Okta Verify 専用のコードで、ほかのアプリでは使えません。", "Web ページで戻り、「Google Authenticator」を選んでください。このアプリで使えます。"),
        ),
        Reason::DuoMobile => (
            ("This code is for Duo Mobile, and no other app can use it.", "Ask your organisation whether it offers a code for other authenticator apps, or a hardware token."),
            ("これは Duo Mobile 専用のコードで、ほかのアプリでは使えません。", "ほかの認証アプリ用のコードやハードウェア トークンがあるか、組織に問い合わせてください。"),
        ),
        Reason::PingPush => (
            ("This code is for sign-in requests of ForgeRock or Ping, which need the maker's own app.", "On the web page choose one-time codes (OATH) instead of push, and scan that code."),
            ("これは ForgeRock または Ping のサインイン要求用のコードで、専用のアプリが必要です。", "Web ページでプッシュではなくワンタイム コード (OATH) を選び、そのコードを読み取ってください。"),
        ),
        Reason::PingCombined => (
            ("This code of ForgeRock or Ping sets up requests and codes together; the requests need the maker's own app.", "On the web page choose one-time codes (OATH) alone, and scan that code."),
            ("この ForgeRock または Ping のコードは要求とコードをまとめて設定するもので、要求には専用のアプリが必要です。", "Web ページでワンタイム コード (OATH) だけを選び、そのコードを読み取ってください。"),
        ),
        Reason::TiqrEnrolment => (
            ("This code sets up tiqr, which this version does not speak yet.", "Use the tiqr or eduID app for this account."),
            ("これは tiqr を設定するコードで、このバージョンはまだ対応していません。", "このアカウントには tiqr または eduID アプリを使ってください。"),
        ),
        Reason::TiqrSignIn => (
            ("This code is a sign-in with tiqr, which this version does not speak yet.", "Use the tiqr or eduID app for this sign-in."),
            ("これは tiqr のサインイン コードで、このバージョンはまだ対応していません。", "このサインインには tiqr または eduID アプリを使ってください。"),
        ),
        Reason::LinOtpPush => (
            ("This code sets up LinOTP's sign-in requests, which need LinOTP's own app.", "Ask your administrator for a one-time code token (TOTP) instead."),
            ("これは LinOTP のサインイン要求を設定するコードで、LinOTP 専用のアプリが必要です。", "代わりにワンタイム コード (TOTP) のトークンを管理者に頼んでください。"),
        ),
        Reason::Auth0Guardian => (
            ("This code sets up one-time codes and Auth0 Guardian's requests together; only the codes work here.", "Add it for its codes. If the web page keeps waiting, choose the way with a one-time code there."),
            ("このコードはワンタイム コードと Auth0 Guardian の要求をまとめて設定します。ここで使えるのはコードだけです。", "コード用に追加してください。Web ページが待ち続けるときは、ワンタイム コードの方法を選んでください。"),
        ),
        Reason::PrivacyIdeaContainer => (
            ("This code joins a privacyIDEA container, which this version does not speak.", "Ask your administrator to give you a single push or TOTP token."),
            ("これは privacyIDEA のコンテナーに参加するコードで、このバージョンは対応していません。", "プッシュまたは TOTP のトークンを 1 つ発行するよう、管理者に頼んでください。"),
        ),
        Reason::PrivacyIdeaBackup => (
            ("This code is part of a privacyIDEA app backup.", "Scan it with the privacyIDEA app, and set the accounts up here anew."),
            ("これは privacyIDEA アプリのバックアップの一部です。", "privacyIDEA アプリで読み取り、アカウントはここで改めて設定してください。"),
        ),
        Reason::EduMfaPush => (
            ("This code sets up eduMFA's sign-in requests, which this version does not speak yet.", "Ask your administrator for a one-time code token (TOTP), or use the eduMFA app."),
            ("これは eduMFA のサインイン要求を設定するコードで、このバージョンはまだ対応していません。", "ワンタイム コード (TOTP) のトークンを管理者に頼むか、eduMFA アプリを使ってください。"),
        ),
        Reason::NetzbegruenungApp => (
            ("This link sets up another Keycloak app authenticator, which this version does not speak yet.", "On the web page choose an authenticator application with one-time codes instead."),
            ("このリンクは別の Keycloak アプリ認証を設定するもので、このバージョンはまだ対応していません。", "Web ページで、代わりにワンタイム コードの認証アプリを選んでください。"),
        ),
        Reason::GoogleExport => (
            ("This code holds accounts exported from Google Authenticator.", "Importing them comes in a later version. Until then, set each account up anew at its web site."),
            ("このコードには Google Authenticator からエクスポートしたアカウントが入っています。", "インポートは今後のバージョンで対応します。それまでは、各サイトでアカウントを設定し直してください。"),
        ),
        Reason::Passkey => (
            ("This code lets a passkey of a phone sign in on another device.", "Scan it with the phone's own camera app."),
            ("これは電話のパスキーで別のデバイスにサインインするコードです。", "電話のカメラ アプリで読み取ってください。"),
        ),
        Reason::WifiNetwork => (
            ("This code joins a Wi-Fi network.", "Scan it with the phone's own camera app."),
            ("これは Wi-Fi ネットワークに接続するコードです。", "電話のカメラ アプリで読み取ってください。"),
        ),
        Reason::WebLink => (
            ("This code is an ordinary web address.", "If you trust it, open it in a browser: the set-up code may be on that page."),
            ("これは普通の Web アドレスです。", "信頼できるなら、ブラウザーで開いてください。そのページに設定コードがあるかもしれません。"),
        ),
        Reason::CodeKindUnsupported => (
            ("This account has codes of a kind that this version does not make.", "Keep it in the app it is in, or ask the service for ordinary one-time codes (TOTP)."),
            ("このアカウントのコードは、このバージョンでは作れない種類です。", "今のアプリで使い続けるか、通常のワンタイム コード (TOTP) をサービスに求めてください。"),
        ),
        Reason::TextTooLong => (
            ("This text is longer than any set-up code.", "Scan the code again, or copy only the set-up link."),
            ("この文字列は、どの設定コードよりも長すぎます。", "コードをもう一度読み取るか、設定リンクだけをコピーしてください。"),
        ),
        Reason::LinkDamaged => (
            ("This set-up link is damaged.", "Show the code anew on the web page and scan it again."),
            ("この設定リンクは壊れています。", "Web ページでコードを表示し直し、もう一度読み取ってください。"),
        ),
        Reason::SecretMissing => (
            ("This set-up code has no secret in it.", "Show the code anew on the web page and scan it again."),
            ("この設定コードには秘密の値がありません。", "Web ページでコードを表示し直し、もう一度読み取ってください。"),
        ),
        Reason::SecretNotBase32 => (
            ("The secret has characters that can't be in it: only the letters A to Z and the digits 2 to 7 can.", "Copy it again, or scan the QR code instead."),
            ("秘密の値に使えない文字があります。使えるのは A から Z と 2 から 7 だけです。", "もう一度コピーするか、QR コードを読み取ってください。"),
        ),
        Reason::SecretTooLong => (
            ("The secret is longer than is taken.", "Ask the service for a new set-up code."),
            ("秘密の値が長すぎます。", "新しい設定コードをサービスに求めてください。"),
        ),
        Reason::DigitsUnsupported => (
            ("The code asks for a number of digits that is not between 1 and 9.", "Tell the service's administrator: the set-up code is wrong."),
            ("コードの桁数が 1 から 9 の範囲にありません。", "サービスの管理者に、設定コードが正しくないと伝えてください。"),
        ),
        Reason::PeriodUnsupported => (
            ("The code asks for a period that is not a number of seconds.", "Tell the service's administrator: the set-up code is wrong."),
            ("コードの有効期間が秒数になっていません。", "サービスの管理者に、設定コードが正しくないと伝えてください。"),
        ),
        Reason::AlgorithmUnsupported => (
            ("The code asks for another algorithm than SHA-1, SHA-256 or SHA-512.", "Tell the service's administrator: no common app can make these codes."),
            ("コードのアルゴリズムが SHA-1、SHA-256、SHA-512 のどれでもありません。", "サービスの管理者に、一般のアプリではこのコードを作れないと伝えてください。"),
        ),
        Reason::CounterUnreadable => (
            ("The counter of this counter-based code can't be read.", "Show the code anew on the web page and scan it again."),
            ("このカウンター式コードのカウンターを読めません。", "Web ページでコードを表示し直し、もう一度読み取ってください。"),
        ),
        Reason::SetupVersionUnsupported => (
            ("This set-up code is of a newer version than this app knows.", "Update the app and scan it again."),
            ("この設定コードは、このアプリが知るものより新しいバージョンです。", "アプリを更新して、もう一度読み取ってください。"),
        ),
        Reason::TlsCheckOff => (
            ("This set-up code asks the app not to check the server's certificate. That is refused.", "Tell your administrator: the server needs a valid certificate and the code \"sslverify=1\"."),
            ("この設定コードは、サーバーの証明書を確認しないよう求めています。これは拒否します。", "管理者に、有効な証明書と「sslverify=1」のコードが必要だと伝えてください。"),
        ),
        Reason::SetupTokenDamaged => (
            ("The set-up token in this code is damaged.", "Show the code anew on the web page and scan it again."),
            ("このコードの設定トークンは壊れています。", "Web ページでコードを表示し直し、もう一度読み取ってください。"),
        ),
        Reason::SetupExpired => (
            ("This set-up code's time is over.", "Show a new code on the web page and scan that."),
            ("この設定コードは期限切れです。", "Web ページで新しいコードを表示し、それを読み取ってください。"),
        ),
        Reason::NoCodeInPicture => (
            ("There is no QR code in this picture.", "Take the picture again: the whole code, sharp and without glare."),
            ("この画像に QR コードはありません。", "コード全体が、はっきりと反射なく写るように撮り直してください。"),
        ),
        Reason::NotAPicture => (
            ("This file is not a picture.", "Choose a PNG, JPEG, WebP or GIF file."),
            ("このファイルは画像ではありません。", "PNG、JPEG、WebP、GIF のファイルを選んでください。"),
        ),
        Reason::PictureDamaged => (
            ("This picture is damaged.", "Save or take it again."),
            ("この画像は壊れています。", "保存し直すか、撮り直してください。"),
        ),
        Reason::PictureTooLarge => (
            ("This picture is larger than is looked at.", "Cut the code out of it, or make it smaller."),
            ("この画像は大きすぎます。", "コードの部分を切り抜くか、小さくしてください。"),
        ),
        Reason::CodeNotText => (
            ("The QR code in this picture holds no text.", "Show the set-up code on the web page and scan that."),
            ("この画像の QR コードは文字列ではありません。", "Web ページで設定コードを表示し、それを読み取ってください。"),
        ),
        Reason::TrustNeeded => (
            ("Whether to trust this server has to be decided first.", "Compare the address with the one you know. If it is right, add --trust-host HOST[:PORT]."),
            ("このサーバーを信頼するかどうかを、先に決める必要があります。", "アドレスを知っているものと比べ、正しければ --trust-host HOST[:PORT] を付けてください。"),
        ),
        Reason::TrustRefused => (
            ("The server is not trusted. Nothing has been sent.", "If the address was a surprise, ask your organisation for the right code."),
            ("サーバーは信頼されませんでした。何も送っていません。", "アドレスに心当たりがないときは、正しいコードを組織に求めてください。"),
        ),
        Reason::PlainHttp => (
            ("This code names a server without encryption (http:). That is refused.", "Ask your administrator for a code with an https: address."),
            ("このコードのサーバーは暗号化されていません (http:)。これは拒否します。", "https: のアドレスのコードを管理者に求めてください。"),
        ),
        Reason::UserInfoInAddress => (
            ("The address in this code has a user name in it, as in forged links. That is refused.", "Ask your organisation for the right code."),
            ("このコードのアドレスには、偽のリンクのようにユーザー名が含まれています。これは拒否します。", "正しいコードを組織に求めてください。"),
        ),
        Reason::AddressDamaged => (
            ("The address in this code is not one.", "Show the code anew on the web page and scan it again."),
            ("このコードのアドレスは正しくありません。", "Web ページでコードを表示し直し、もう一度読み取ってください。"),
        ),
        Reason::OriginDiffers => (
            ("The server named an address outside the one that you trusted. That is refused.", "Tell your administrator: the server's own address is set wrongly, or somebody is in between."),
            ("サーバーが、信頼したものとは別のアドレスを示しました。これは拒否します。", "管理者に、サーバーのアドレス設定が誤っているか、誰かが間に入っていると伝えてください。"),
        ),
        Reason::RedirectRefused => (
            ("The server sent the app to another address. That is refused.", "Tell your administrator the address in the code; a sign-in page of the network may also be in between."),
            ("サーバーが別のアドレスへ転送しようとしました。これは拒否します。", "コードのアドレスを管理者に伝えてください。ネットワークのサインイン画面が間に入っていることもあります。"),
        ),
        Reason::ClientSecretMissing => (
            ("This server wants a client id and secret from the app, and none is known.", "Ask your administrator for the organisation link or the client secret, then scan the code again."),
            ("このサーバーはクライアント ID とシークレットを必要としますが、分かりません。", "組織リンクまたはクライアント シークレットを管理者に求め、もう一度コードを読み取ってください。"),
        ),
        Reason::ClientRefused => (
            ("The server does not take the app's client id and secret.", "Ask your administrator for the right ones."),
            ("サーバーがアプリのクライアント ID とシークレットを受け付けません。", "正しいものを管理者に求めてください。"),
        ),
        Reason::OrganisationExists => (
            ("Other credentials are stored for this issuer already.", "If the new ones are right, run it again with --replace."),
            ("この発行者には、すでに別の資格情報が保存されています。", "新しいものが正しければ、--replace を付けて実行し直してください。"),
        ),
        Reason::NumberNotOffered => (
            ("That number is not the one on the sign-in page. Nothing has been sent.", "Look at the page and type the number once more. If you are not signing in, decline."),
            ("その番号はサインイン画面のものではありません。何も送っていません。", "画面を見て、もう一度番号を入力してください。サインインしていないなら、拒否してください。"),
        ),
        Reason::WrongNumber => (
            ("The number was wrong, so the sign-in has been declined.", "Start the sign-in again on the page. If it was not you, change your password now."),
            ("番号が違ったため、サインインは拒否されました。", "画面でサインインをやり直してください。自分ではないなら、すぐにパスワードを変えてください。"),
        ),
        Reason::WrongPin => (
            ("The server did not take this PIN.", "Look at the page and type it once more."),
            ("サーバーがこの PIN を受け付けませんでした。", "画面を見て、もう一度入力してください。"),
        ),
        Reason::AnswerKindDiffers => (
            ("This sign-in wants another kind of answer.", "Look at the request again: it says whether a number, a letter, a PIN or a word is wanted."),
            ("このサインインは別の種類の答えを求めています。", "要求をもう一度見てください。番号、文字、PIN、語のどれが必要か書かれています。"),
        ),
        Reason::RequestNotFound => (
            ("No such sign-in is waiting.", "It may have ended. Look for waiting requests again."),
            ("そのサインインは待機していません。", "終わったのかもしれません。待っている要求をもう一度探してください。"),
        ),
        Reason::RequestExpired => (
            ("This sign-in's time is over.", "Start the sign-in again on the page."),
            ("このサインインは期限切れです。", "画面でサインインをやり直してください。"),
        ),
        Reason::RequestEnded => (
            ("This sign-in has ended on this phone and can't be answered here again.", "Start the sign-in again on the page."),
            ("このサインインはこの電話で終了しており、再び答えることはできません。", "画面でサインインをやり直してください。"),
        ),
        Reason::AnsweredElsewhere => (
            ("This sign-in has been answered on another device, or its page was closed.", "If it was not you, change your password now."),
            ("このサインインは別のデバイスで応答されたか、画面が閉じられました。", "自分ではないなら、すぐにパスワードを変えてください。"),
        ),
        Reason::PresenceRefused => (
            ("It was not confirmed that it is you, so nothing has been sent.", "Try again and confirm."),
            ("本人であることが確認されなかったため、何も送っていません。", "もう一度行い、確認してください。"),
        ),
        Reason::ResultUnknown => (
            ("Whether the answer arrived is not known.", "Look at the sign-in page: it tells. Then look for waiting requests again."),
            ("答えが届いたかどうか分かりません。", "サインイン画面で確かめてください。それから、待っている要求をもう一度探してください。"),
        ),
        Reason::TwoStepEnrolment => (
            ("This code is half of a two-step set-up: the other half would have to be made by the phone and typed in, which this version does not do.", "Ask your administrator for an ordinary one-time code token (TOTP) without the second step."),
            ("これは 2 段階設定の半分です。残りの半分を電話で作って入力する必要がありますが、このバージョンは対応していません。", "2 段階でない通常のワンタイム コード (TOTP) のトークンを管理者に頼んでください。"),
        ),
        Reason::WrongPassword => (
            ("The password does not open this vault.", "Try again; look at Caps Lock and the keyboard's language. If it is forgotten: countersign passwd --with-recovery-code."),
            ("パスワードが違います。", "Caps Lock と入力言語を確かめ、もう一度入力してください。忘れたときは: countersign passwd --with-recovery-code。"),
        ),
        Reason::WrongRecoveryCode => (
            ("This is not the recovery code of this vault, or it is mistyped.", "Compare each group with the paper."),
            ("この保管庫の回復コードではないか、入力に誤りがあります。", "紙と 1 組ずつ見比べてください。"),
        ),
        Reason::PlatformKeyGone => (
            ("This device's key for the vault is gone, as after a restore to another device. Nothing has been deleted.", "Open the vault with the password or the recovery code."),
            ("この保管庫のためのデバイスのキーがありません (別のデバイスへの復元後など)。何も消えていません。", "パスワードまたは回復コードで開いてください。"),
        ),
        Reason::WrongWatchKey => (
            ("The key for background checks is no longer this vault's.", "Unlock the app once: it renews the key."),
            ("バックグラウンド確認用のキーが、この保管庫のものではなくなりました。", "アプリのロックを一度解除すると、キーが更新されます。"),
        ),
        Reason::NoSuchWay => (
            ("The vault has no such way in.", "Use another one: the password, the recovery code, or the device's lock."),
            ("この保管庫には、その入り方がありません。", "パスワード、回復コード、デバイスのロックのどれかを使ってください。"),
        ),
        Reason::NoWayBack => (
            ("A password or a recovery code is needed: a vault without either can be lost by a broken device alone.", "Set a password, or make a recovery code."),
            ("パスワードか回復コードが必要です。どちらもないと、デバイスの故障だけで保管庫を失います。", "パスワードを設定するか、回復コードを作ってください。"),
        ),
        Reason::Locked => (
            ("The vault is locked.", "Unlock it and try again."),
            ("保管庫はロックされています。", "ロックを解除して、もう一度行ってください。"),
        ),
        Reason::VaultDamaged => (
            ("The vault file is damaged, or somebody changed it.", "Keep this file as it is and take your latest backup. Nothing has been changed."),
            ("保管庫のファイルが壊れているか、誰かに変更されています。", "このファイルはそのまま残し、最新のバックアップを使ってください。何も変更していません。"),
        ),
        Reason::NotAVault => (
            ("This file is not a vault.", "Choose another file with --vault."),
            ("このファイルは保管庫ではありません。", "--vault で別のファイルを選んでください。"),
        ),
        Reason::NewerVersion => (
            ("This vault was written by a newer version of Countersign.", "Update Countersign and open it again. Nothing has been changed."),
            ("この保管庫は、より新しいバージョンの Countersign で書かれています。", "Countersign を更新して開いてください。何も変更していません。"),
        ),
        Reason::VaultNotFound => (
            ("There is no vault here.", "Make one: countersign init. Or choose another place with --vault."),
            ("ここに保管庫はありません。", "作るには: countersign init。別の場所なら --vault で選んでください。"),
        ),
        Reason::VaultExists => (
            ("There is a file at this place already.", "Choose another place with --vault: nothing is overwritten."),
            ("この場所にはすでにファイルがあります。", "--vault で別の場所を選んでください。上書きはしません。"),
        ),
        Reason::DiskFull => (
            ("There is no space left, so nothing has been changed.", "Make space and try again."),
            ("空き容量がないため、何も変更していません。", "空きを作って、もう一度行ってください。"),
        ),
        Reason::ReadOnly => (
            ("The vault or its folder can't be written, so nothing has been changed.", "Look at the permissions of the file and of its folder."),
            ("保管庫またはフォルダーに書き込めないため、何も変更していません。", "ファイルとフォルダーのアクセス許可を確かめてください。"),
        ),
        Reason::InUse => (
            ("Another program is writing to this vault.", "Wait a moment and try again."),
            ("別のプログラムがこの保管庫に書き込んでいます。", "少し待って、もう一度行ってください。"),
        ),
        Reason::RolledBack => (
            ("This vault is older than the one last seen here: an older copy has been put in its place.", "Find the newer file. If this one is right, open it with --accept-older."),
            ("この保管庫は、ここで最後に見たものより古いです。古いコピーに置き換えられています。", "新しいファイルを探してください。これが正しければ、--accept-older を付けて開いてください。"),
        ),
        Reason::NoSuchAccount => (
            ("There is no such account.", "See what is there: countersign list."),
            ("そのアカウントはありません。", "一覧を見るには: countersign list。"),
        ),
        Reason::ValueTooLarge => (
            ("A name, note or password is longer than is taken.", "Shorten it."),
            ("名前、メモ、またはパスワードが長すぎます。", "短くしてください。"),
        ),
        Reason::SystemFailed => (
            ("The operating system could not read, write or give randomness.", "Try again. If it stays, look at the disk."),
            ("オペレーティング システムが読み書きまたは乱数の取得に失敗しました。", "もう一度行ってください。続くときは、ディスクを確かめてください。"),
        ),
        Reason::AccountBusy => (
            ("Another window or program is changing this account's key.", "Wait two minutes and try again."),
            ("別の画面またはプログラムが、このアカウントのキーを変更しています。", "2 分待って、もう一度行ってください。"),
        ),
        Reason::NoSuchRun => (
            ("That has ended already.", "Begin again."),
            ("それはすでに終わっています。", "最初からやり直してください。"),
        ),
        Reason::NotAddedThisWay => (
            ("A text of this kind is not added this way.", "Look what it is: countersign recognise -"),
            ("この種類の文字列は、この方法では追加しません。", "何かを調べるには: countersign recognise -"),
        ),
    };
    match language {
        Language::English => (what, next),
        Language::Japanese => (what_ja, next_ja),
    }
}
