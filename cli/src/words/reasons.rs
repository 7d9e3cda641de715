//! What each reason is and what to do now.

use countersign::reason::Reason;

use super::Language;

/// The words of a reason of the core: what it is, and the next tap.
#[rustfmt::skip]
pub const fn of_reason(reason: Reason, language: Language) -> (&'static str, &'static str) {
    let ((what, next), (what_ja, next_ja)) = match reason {
        Reason::NotASetupCode => (
            ("This text is not a set-up code.", "On the web page, look for the step that shows a QR code for an authenticator app, and scan that."),
            ("この文字列は設定コードではありません。", "Web ページで、認証アプリ用の QR コードが表示される手順を探し、それを読み取ってください。")),
        Reason::MicrosoftPush => (
            ("This code is for Microsoft's own sign-in requests, which only Microsoft Authenticator can receive.", "On the web page choose \"I want to use a different authenticator app\", then scan the new code. If that choice is missing, your organisation does not allow it: ask its help desk."),
            ("これは Microsoft 独自のサインイン要求のためのコードで、Microsoft Authenticator だけが使えます。", "Web ページで「別の認証アプリを使用します」を選び、新しく表示されるコードを読み取ってください。その選択肢がないときは、組織が許可していません。ヘルプ デスクに問い合わせてください。")),
        Reason::MicrosoftActivation => (
            ("This link activates Microsoft Authenticator, and no other app can use it.", "On the web page choose \"I want to use a different authenticator app\", then scan the new code. If that choice is missing, your organisation does not allow it: ask its help desk."),
            ("このリンクは Microsoft Authenticator を有効にするもので、ほかのアプリでは使えません。", "Web ページで「別の認証アプリを使用します」を選び、新しく表示されるコードを読み取ってください。その選択肢がないときは、組織が許可していません。ヘルプ デスクに問い合わせてください。")),
        Reason::OktaVerify => (
            ("This code is for Okta Verify, and no other app can use it.", "On the web page go back and choose \"Google Authenticator\": it works with this app."),
            ("これは Okta Verify 専用のコードで、ほかのアプリでは使えません。", "Web ページで戻り、「Google Authenticator」を選んでください。このアプリで使えます。")),
        Reason::DuoMobile => (
            ("This code is for Duo Mobile, and no other app can use it.", "Ask your organisation whether it offers a code for other authenticator apps, or a hardware token."),
            ("これは Duo Mobile 専用のコードで、ほかのアプリでは使えません。", "ほかの認証アプリ用のコードやハードウェア トークンがあるか、組織に問い合わせてください。")),
        Reason::PingPush => (
            ("This code is for sign-in requests of ForgeRock or Ping, which need the maker's own app.", "On the web page choose one-time codes (OATH) instead of push, and scan that code."),
            ("これは ForgeRock または Ping のサインイン要求用のコードで、専用のアプリが必要です。", "Web ページでプッシュではなくワンタイム コード (OATH) を選び、そのコードを読み取ってください。")),
        Reason::PingCombined => (
            ("This code of ForgeRock or Ping sets up requests and codes together; the requests need the maker's own app.", "On the web page choose one-time codes (OATH) alone, and scan that code."),
            ("この ForgeRock または Ping のコードは要求とコードをまとめて設定するもので、要求には専用のアプリが必要です。", "Web ページでワンタイム コード (OATH) だけを選び、そのコードを読み取ってください。")),
        Reason::TiqrEnrolment => (
            ("This code sets up tiqr, which this version does not speak yet.", "Use the tiqr or eduID app for this account."),
            ("これは tiqr を設定するコードで、このバージョンはまだ対応していません。", "このアカウントには tiqr または eduID アプリを使ってください。")),
        Reason::TiqrSignIn => (
            ("This code is a sign-in with tiqr, which this version does not speak yet.", "Use the tiqr or eduID app for this sign-in."),
            ("これは tiqr のサインイン コードで、このバージョンはまだ対応していません。", "このサインインには tiqr または eduID アプリを使ってください。")),
        Reason::LinOtpPush => (
            ("This code sets up LinOTP's sign-in requests, which need LinOTP's own app.", "Ask your administrator for a one-time code token (TOTP) instead."),
            ("これは LinOTP のサインイン要求を設定するコードで、LinOTP 専用のアプリが必要です。", "代わりにワンタイム コード (TOTP) のトークンを管理者に頼んでください。")),
        Reason::Auth0Guardian => (
            ("This code sets up one-time codes and Auth0 Guardian's requests together; only the codes work here.", "Add it for its codes. If the web page keeps waiting, choose the way with a one-time code there."),
            ("このコードはワンタイム コードと Auth0 Guardian の要求をまとめて設定します。ここで使えるのはコードだけです。", "コード用に追加してください。Web ページが待ち続けるときは、ワンタイム コードの方法を選んでください。")),
        Reason::PrivacyIdeaContainer => (
            ("This code joins a privacyIDEA container, which this version does not speak.", "Ask your administrator to give you a single push or TOTP token."),
            ("これは privacyIDEA のコンテナーに参加するコードで、このバージョンは対応していません。", "プッシュまたは TOTP のトークンを 1 つ発行するよう、管理者に頼んでください。")),
        Reason::PrivacyIdeaBackup => (
            ("This code is part of a privacyIDEA app backup.", "Scan it with the privacyIDEA app, and set the accounts up here anew."),
            ("これは privacyIDEA アプリのバックアップの一部です。", "privacyIDEA アプリで読み取り、アカウントはここで改めて設定してください。")),
        Reason::EduMfaPush => (
            ("This code sets up eduMFA's sign-in requests, which this version does not speak yet.", "Ask your administrator for a one-time code token (TOTP), or use the eduMFA app."),
            ("これは eduMFA のサインイン要求を設定するコードで、このバージョンはまだ対応していません。", "ワンタイム コード (TOTP) のトークンを管理者に頼むか、eduMFA アプリを使ってください。")),
        Reason::NetzbegruenungApp => (
            ("This link sets up another Keycloak app authenticator, which this version does not speak yet.", "On the web page choose an authenticator application with one-time codes instead."),
            ("このリンクは別の Keycloak アプリ認証を設定するもので、このバージョンはまだ対応していません。", "Web ページで、代わりにワンタイム コードの認証アプリを選んでください。")),
        Reason::GoogleExport => (
            ("This code holds accounts exported from Google Authenticator.", "Importing them comes in a later version. Until then, set each account up anew at its web site."),
            ("このコードには Google Authenticator からエクスポートしたアカウントが入っています。", "インポートは今後のバージョンで対応します。それまでは、各サイトでアカウントを設定し直してください。")),
        Reason::Passkey => (
            ("This code lets a passkey of a phone sign in on another device.", "Scan it with the phone's own camera app."),
            ("これは電話のパスキーで別のデバイスにサインインするコードです。", "電話のカメラ アプリで読み取ってください。")),
        Reason::WifiNetwork => (
            ("This code joins a Wi-Fi network.", "Scan it with the phone's own camera app."),
            ("これは Wi-Fi ネットワークに接続するコードです。", "電話のカメラ アプリで読み取ってください。")),
        Reason::WebLink => (
            ("This code is an ordinary web address.", "If you trust it, open it in a browser: the set-up code may be on that page."),
            ("これは普通の Web アドレスです。", "信頼できるなら、ブラウザーで開いてください。そのページに設定コードがあるかもしれません。")),
        Reason::CodeKindUnsupported => (
            ("This account has codes of a kind that this version does not make.", "Keep it in the app it is in, or ask the service for ordinary one-time codes (TOTP)."),
            ("このアカウントのコードは、このバージョンでは作れない種類です。", "今のアプリで使い続けるか、通常のワンタイム コード (TOTP) をサービスに求めてください。")),
        Reason::TwoStepEnrolment => (
            ("This code is half of a two-step set-up: the other half would have to be made by the phone and typed in, which this version does not do.", "Ask your administrator for an ordinary one-time code token (TOTP) without the second step."),
            ("これは 2 段階設定の半分です。残りの半分を電話で作って入力する必要がありますが、このバージョンは対応していません。", "2 段階でない通常のワンタイム コード (TOTP) のトークンを管理者に頼んでください。")),
        Reason::TextTooLong => (
            ("This text is longer than any set-up code.", "Scan the code again, or copy only the set-up link."),
            ("この文字列は、どの設定コードよりも長すぎます。", "コードをもう一度読み取るか、設定リンクだけをコピーしてください。")),
        Reason::LinkDamaged => (
            ("This set-up link is damaged.", "Show the code anew on the web page and scan it again."),
            ("この設定リンクは壊れています。", "Web ページでコードを表示し直し、もう一度読み取ってください。")),
        Reason::SecretMissing => (
            ("This set-up code has no secret in it.", "Show the code anew on the web page and scan it again."),
            ("この設定コードには秘密の値がありません。", "Web ページでコードを表示し直し、もう一度読み取ってください。")),
        Reason::SecretNotBase32 => (
            ("The secret has characters that can't be in it: only the letters A to Z and the digits 2 to 7 can.", "Copy it again, or scan the QR code instead."),
            ("秘密の値に使えない文字があります。使えるのは A から Z と 2 から 7 だけです。", "もう一度コピーするか、QR コードを読み取ってください。")),
        Reason::SecretTooLong => (
            ("The secret is longer than is taken.", "Ask the service for a new set-up code."),
            ("秘密の値が長すぎます。", "新しい設定コードをサービスに求めてください。")),
        Reason::DigitsUnsupported => (
            ("The code asks for a number of digits that is not between 1 and 9.", "Tell the service's administrator: the set-up code is wrong."),
            ("コードの桁数が 1 から 9 の範囲にありません。", "サービスの管理者に、設定コードが正しくないと伝えてください。")),
        Reason::PeriodUnsupported => (
            ("The code asks for a period that is not a number of seconds.", "Tell the service's administrator: the set-up code is wrong."),
            ("コードの有効期間が秒数になっていません。", "サービスの管理者に、設定コードが正しくないと伝えてください。")),
        Reason::AlgorithmUnsupported => (
            ("The code asks for another algorithm than SHA-1, SHA-256 or SHA-512.", "Tell the service's administrator: no common app can make these codes."),
            ("コードのアルゴリズムが SHA-1、SHA-256、SHA-512 のどれでもありません。", "サービスの管理者に、一般のアプリではこのコードを作れないと伝えてください。")),
        Reason::CounterUnreadable => (
            ("The counter of this counter-based code can't be read.", "Show the code anew on the web page and scan it again."),
            ("このカウンター式コードのカウンターを読めません。", "Web ページでコードを表示し直し、もう一度読み取ってください。")),
        Reason::SetupVersionUnsupported => (
            ("This set-up code is of a newer version than this app knows.", "Update the app and scan it again."),
            ("この設定コードは、このアプリが知るものより新しいバージョンです。", "アプリを更新して、もう一度読み取ってください。")),
        Reason::TlsCheckOff => (
            ("This set-up code asks the app not to check the server's certificate. That is refused.", "Tell your administrator: the server needs a valid certificate and the code \"sslverify=1\"."),
            ("この設定コードは、サーバーの証明書を確認しないよう求めています。これは拒否します。", "管理者に、有効な証明書と「sslverify=1」のコードが必要だと伝えてください。")),
        Reason::SetupTokenDamaged => (
            ("The set-up token in this code is damaged.", "Show the code anew on the web page and scan it again."),
            ("このコードの設定トークンは壊れています。", "Web ページでコードを表示し直し、もう一度読み取ってください。")),
        Reason::SetupExpired => (
            ("This set-up code's time is over.", "Show a new code on the web page and scan that."),
            ("この設定コードは期限切れです。", "Web ページで新しいコードを表示し、それを読み取ってください。")),
        Reason::NoCodeInPicture => (
            ("There is no QR code in this picture.", "Take the picture again: the whole code, sharp and without glare."),
            ("この画像に QR コードはありません。", "コード全体が、はっきりと反射なく写るように撮り直してください。")),
        Reason::NotAPicture => (
            ("This file is not a picture.", "Choose a PNG, JPEG, WebP or GIF file."),
            ("このファイルは画像ではありません。", "PNG、JPEG、WebP、GIF のファイルを選んでください。")),
        Reason::PictureDamaged => (
            ("This picture is damaged.", "Save or take it again."),
            ("この画像は壊れています。", "保存し直すか、撮り直してください。")),
        Reason::PictureTooLarge => (
            ("This picture is larger than is looked at.", "Cut the code out of it, or make it smaller."),
            ("この画像は大きすぎます。", "コードの部分を切り抜くか、小さくしてください。")),
        Reason::CodeNotText => (
            ("The QR code in this picture holds no text.", "Show the set-up code on the web page and scan that."),
            ("この画像の QR コードは文字列ではありません。", "Web ページで設定コードを表示し、それを読み取ってください。")),
        Reason::TrustNeeded => (
            ("Whether to trust this server has to be decided first.", "Compare the address with the one you know. If it is right, add --trust-host HOST[:PORT]."),
            ("このサーバーを信頼するかどうかを、先に決める必要があります。", "アドレスを知っているものと比べ、正しければ --trust-host HOST[:PORT] を付けてください。")),
        Reason::TrustRefused => (
            ("The server is not trusted. Nothing has been sent.", "If the address was a surprise, ask your organisation for the right code."),
            ("サーバーは信頼されませんでした。何も送っていません。", "アドレスに心当たりがないときは、正しいコードを組織に求めてください。")),
        Reason::PlainHttp => (
            ("This code names a server without encryption (http:). That is refused.", "Ask your administrator for a code with an https: address."),
            ("このコードのサーバーは暗号化されていません (http:)。これは拒否します。", "https: のアドレスのコードを管理者に求めてください。")),
        Reason::UserInfoInAddress => (
            ("The address in this code has a user name in it, as in forged links. That is refused.", "Ask your organisation for the right code."),
            ("このコードのアドレスには、偽のリンクのようにユーザー名が含まれています。これは拒否します。", "正しいコードを組織に求めてください。")),
        Reason::AddressDamaged => (
            ("The address in this code is not one.", "Show the code anew on the web page and scan it again."),
            ("このコードのアドレスは正しくありません。", "Web ページでコードを表示し直し、もう一度読み取ってください。")),
        Reason::OriginDiffers => (
            ("The server named an address outside the one that you trusted. That is refused.", "Tell your administrator: the server's own address is set wrongly, or somebody is in between."),
            ("サーバーが、信頼したものとは別のアドレスを示しました。これは拒否します。", "管理者に、サーバーのアドレス設定が誤っているか、誰かが間に入っていると伝えてください。")),
        Reason::RedirectRefused => (
            ("The server sent the app to another address. That is refused.", "Tell your administrator the address in the code; a sign-in page of the network may also be in between."),
            ("サーバーが別のアドレスへ転送しようとしました。これは拒否します。", "コードのアドレスを管理者に伝えてください。ネットワークのサインイン画面が間に入っていることもあります。")),
        Reason::ClientSecretMissing => (
            ("This server wants a client id and secret from the app, and none is known.", "Ask your administrator for the organisation link or the client secret, then scan the code again."),
            ("このサーバーはクライアント ID とシークレットを必要としますが、分かりません。", "組織リンクまたはクライアント シークレットを管理者に求め、もう一度コードを読み取ってください。")),
        Reason::ClientRefused => (
            ("The server does not take the app's client id and secret.", "Ask your administrator for the right ones."),
            ("サーバーがアプリのクライアント ID とシークレットを受け付けません。", "正しいものを管理者に求めてください。")),
        Reason::OrganisationExists => (
            ("Other credentials are stored for this issuer already.", "If the new ones are right, run it again with --replace."),
            ("この発行者には、すでに別の資格情報が保存されています。", "新しいものが正しければ、--replace を付けて実行し直してください。")),
        Reason::NumberNotOffered => (
            ("That number is not the one on the sign-in page. Nothing has been sent.", "Look at the page and type the number once more. If you are not signing in, decline."),
            ("その番号はサインイン画面のものではありません。何も送っていません。", "画面を見て、もう一度番号を入力してください。サインインしていないなら、拒否してください。")),
        Reason::WrongNumber => (
            ("The number was wrong, so the sign-in has been declined.", "Start the sign-in again on the page. If it was not you, change your password now."),
            ("番号が違ったため、サインインは拒否されました。", "画面でサインインをやり直してください。自分ではないなら、すぐにパスワードを変えてください。")),
        Reason::WrongPin => (
            ("The server did not take this PIN.", "Look at the page and type it once more."),
            ("サーバーがこの PIN を受け付けませんでした。", "画面を見て、もう一度入力してください。")),
        Reason::AnswerKindDiffers => (
            ("This sign-in wants another kind of answer.", "Look at the request again: it says whether a number, a letter, a PIN or a word is wanted."),
            ("このサインインは別の種類の答えを求めています。", "要求をもう一度見てください。番号、文字、PIN、語のどれが必要か書かれています。")),
        Reason::RequestNotFound => (
            ("No such sign-in is waiting.", "It may have ended. Look for waiting requests again."),
            ("そのサインインは待機していません。", "終わったのかもしれません。待っている要求をもう一度探してください。")),
        Reason::RequestExpired => (
            ("This sign-in's time is over.", "Start the sign-in again on the page."),
            ("このサインインは期限切れです。", "画面でサインインをやり直してください。")),
        Reason::RequestEnded => (
            ("This sign-in has ended on this phone and can't be answered here again.", "Start the sign-in again on the page."),
            ("このサインインはこの電話で終了しており、再び答えることはできません。", "画面でサインインをやり直してください。")),
        Reason::AnsweredElsewhere => (
            ("This sign-in has been answered on another device, or its page was closed.", "If it was not you, change your password now."),
            ("このサインインは別のデバイスで応答されたか、画面が閉じられました。", "自分ではないなら、すぐにパスワードを変えてください。")),
        Reason::PresenceRefused => (
            ("It was not confirmed that it is you, so nothing has been sent.", "Try again and confirm."),
            ("本人であることが確認されなかったため、何も送っていません。", "もう一度行い、確認してください。")),
        Reason::ResultUnknown => (
            ("Whether the answer arrived is not known.", "Look at the sign-in page: it tells. Then look for waiting requests again."),
            ("答えが届いたかどうか分かりません。", "サインイン画面で確かめてください。それから、待っている要求をもう一度探してください。")),
        Reason::EndedMeanwhile => (
            ("This sign-in ended while it was being answered; whether by this answer is not known.", "Look at the sign-in page: it tells. If it was not you, change your password now."),
            ("答えている間にこのサインインは終了しました。この答えによるものかは分かりません。", "サインイン画面で確かめてください。自分ではないなら、すぐにパスワードを変えてください。")),
        Reason::AnswerNeeded => (
            ("This sign-in wants an answer from its page: a number, a letter, a PIN or a word.", "Look at the sign-in page and give what it shows: --number or --answer."),
            ("このサインインには、画面に表示された番号、文字、PIN、語のどれかが必要です。", "サインイン画面を見て、--number か --answer で指定してください。")),
        Reason::AnswerKindUnsupported => (
            ("This sign-in wants a kind of answer that is newer than this app.", "Update the app, or sign in another way."),
            ("このサインインは、このアプリより新しい種類の答えを求めています。", "アプリを更新するか、別の方法でサインインしてください。")),
        Reason::PinLengthDiffers => (
            ("The PIN has another number of characters than the one on the page. Nothing has been sent.", "Look at the page and type it once more."),
            ("PIN の長さが画面のものと違います。何も送っていません。", "画面を見て、もう一度入力してください。")),
        Reason::DeclineNotSent => (
            ("The answers were not right, and the server could not be told that the sign-in is declined.", "It can't be approved on this phone any more. If it was not you, change your password now."),
            ("答えが正しくなく、拒否をサーバーに伝えられませんでした。", "この電話ではもう承認できません。自分ではないなら、すぐにパスワードを変えてください。")),
        Reason::AnswerRefusedByRule => (
            ("A rule of your organisation refuses this answer.", "Ask your administrator."),
            ("組織の規則により、この答えは受け付けられません。", "管理者に問い合わせてください。")),
        Reason::TooManyRequests => (
            ("More sign-ins are waiting than a person can have open.", "Decline them on the server or change your password: somebody may be trying it."),
            ("待っているサインインが多すぎます。", "誰かが試みている可能性があります。パスワードを変えてください。")),
        Reason::NoNetwork => (
            ("This device has no network.", "Connect it and try again. Codes work without."),
            ("このデバイスはネットワークに接続していません。", "接続して、もう一度行ってください。コードは接続なしで使えます。")),
        Reason::ServerNotFound => (
            ("The server's name is not known in this network.", "Look at the address, or try another network."),
            ("このネットワークではサーバーの名前が見つかりません。", "アドレスを確かめるか、別のネットワークで試してください。")),
        Reason::ServerUnreachable => (
            ("No connection to the server came about.", "Try again, or try another network."),
            ("サーバーに接続できませんでした。", "もう一度行うか、別のネットワークで試してください。")),
        Reason::TlsFailed => (
            ("The server's certificate is not trusted, so nothing has been sent.", "Look at the date and time of this device. If they are right, tell your administrator."),
            ("サーバーの証明書を信頼できないため、何も送っていません。", "このデバイスの日付と時刻を確かめてください。正しければ、管理者に伝えてください。")),
        Reason::ServerSilent => (
            ("The server did not answer in time.", "Try again in a moment."),
            ("サーバーが時間内に応答しませんでした。", "少し待って、もう一度行ってください。")),
        Reason::ConnectionLost => (
            ("The connection broke off.", "Try again in a moment."),
            ("接続が途中で切れました。", "少し待って、もう一度行ってください。")),
        Reason::ReplyTooLarge => (
            ("The server's answer is longer than any that is expected.", "Tell your administrator the address in the code."),
            ("サーバーの応答が、想定より長すぎます。", "コードのアドレスを管理者に伝えてください。")),
        Reason::ReplyUnreadable => (
            ("The server's answer is not one of this system.", "A sign-in page of the network may be in between: open a browser. Else tell your administrator."),
            ("サーバーの応答が、このシステムのものではありません。", "ネットワークのサインイン画面が間にあるかもしれません。ブラウザーを開いてください。それ以外は管理者に伝えてください。")),
        Reason::ServerBusy => (
            ("The server asks to be left alone for a while.", "Wait a minute and try again."),
            ("サーバーが混み合っています。", "1 分待って、もう一度行ってください。")),
        Reason::ServerFailed => (
            ("The server failed.", "Try again in a minute. If it stays, tell your administrator."),
            ("サーバーでエラーが起きました。", "1 分後にもう一度行ってください。続くときは、管理者に伝えてください。")),
        Reason::SetupUsed => (
            ("This set-up code has been used already, or a newer one has replaced it.", "Show a new code on the web page and scan that."),
            ("この設定コードは使用済みか、新しいものに置き換えられています。", "Web ページで新しいコードを表示し、それを読み取ってください。")),
        Reason::SetupForOtherRealm => (
            ("This set-up code is for another part of the server than it says.", "Tell your administrator."),
            ("この設定コードは、示しているものとは別の領域のものです。", "管理者に伝えてください。")),
        Reason::DeviceNameTaken => (
            ("You have a device of this name there already, and the code has been used up by this try.", "Show a new code on the web page and scan that."),
            ("同じ名前のデバイスが登録済みで、このコードは今回の試みで使用済みになりました。", "Web ページで新しいコードを表示し、それを読み取ってください。")),
        Reason::EnrolmentUnknown => (
            ("Whether the account was set up is not known.", "Look at the web page: if it says that the app was added, remove it there and begin again."),
            ("アカウントが設定されたかどうか分かりません。", "Web ページを見て、アプリが追加されていたら、そこで削除してやり直してください。")),
        Reason::EnrolmentReplyLost => (
            ("The server set the account up, but its answer was lost, and it is given only once.", "Ask for a new set-up code, and have the old token removed."),
            ("サーバーは設定を終えましたが、一度きりの応答が失われました。", "新しい設定コードを求め、古いトークンを削除してもらってください。")),
        Reason::RotationUnknown => (
            ("Whether the server took the new key is not known. Both keys are kept, so nothing is lost.", "Try again when the network is back: it goes on where it was."),
            ("サーバーが新しいキーを受け取ったか分かりません。両方のキーを残してあり、何も失われません。", "ネットワークが戻ったら、もう一度行ってください。続きから再開します。")),
        Reason::LockOutUnknown => (
            ("Whether the account was locked is not known.", "Try again, or call your help desk."),
            ("アカウントがロックされたか分かりません。", "もう一度行うか、ヘルプ デスクに電話してください。")),
        Reason::LockOutNotConfirmed => (
            ("The lock-out was not confirmed. Nothing has been sent.", "If you mean it, confirm it."),
            ("ロックが確認されなかったため、何も送っていません。", "本当に行うなら、確認してください。")),
        Reason::DeviceNotRegistered => (
            ("The server does not know this phone any more: it was removed there.", "Set the account up again with a new code from the web page, then remove this one here."),
            ("サーバーにこの電話の登録がありません。削除されています。", "Web ページの新しいコードで設定し直し、ここの古いアカウントを削除してください。")),
        Reason::UserNotFound => (
            ("The server does not know this user any more.", "Ask your administrator."),
            ("サーバーにこのユーザーがいません。", "管理者に問い合わせてください。")),
        Reason::RealmNotFound => (
            ("The server does not know the part of it that the code names.", "Ask your administrator whether the address has changed."),
            ("コードが示す領域がサーバーにありません。", "アドレスが変わっていないか、管理者に問い合わせてください。")),
        Reason::ExtensionMissing => (
            ("There are no sign-in approvals at this address of the server.", "Ask your administrator whether the Push MFA extension is on."),
            ("サーバーのこのアドレスでは、サインインの承認が提供されていません。", "Push MFA 拡張が有効か、管理者に問い合わせてください。")),
        Reason::DeviceKeyRefused => (
            ("The server takes another key than this phone's.", "Set the account up again with a new code from the web page."),
            ("サーバーは、この電話とは別のキーを登録しています。", "Web ページの新しいコードで設定し直してください。")),
        Reason::TokenNotBound => (
            ("The server's client is not set to bind tokens to this phone's key.", "Tell your administrator: the client needs \"Require DPoP bound tokens\"."),
            ("サーバーのクライアントが、トークンをこの電話のキーに結び付ける設定になっていません。", "管理者に、クライアントの「Require DPoP bound tokens」が必要だと伝えてください。")),
        Reason::AccessTokenRefused => (
            ("The server refuses a token that it has just given.", "Tell your administrator: its own address may be set wrongly."),
            ("サーバーが、発行したばかりのトークンを拒否しました。", "管理者に、サーバーのアドレス設定を確かめるよう伝えてください。")),
        Reason::CallNotAuthorised => (
            ("The server says that the call came without its authorisation.", "A proxy in between may have removed it: tell your administrator."),
            ("認可情報のない呼び出しだと、サーバーが応答しました。", "途中のプロキシが取り除いた可能性があります。管理者に伝えてください。")),
        Reason::ServerAddressDiffers => (
            ("The server thinks that it has another address than the one it was called by.", "Tell your administrator: the address behind its proxy is set wrongly."),
            ("サーバーは、呼び出されたものとは別のアドレスだと認識しています。", "管理者に、プロキシの背後のアドレス設定が誤っていると伝えてください。")),
        Reason::ClockDiffers => (
            ("The clocks of this device and of the server are too far apart.", "Set date and time to automatic on this device and try again."),
            ("このデバイスとサーバーの時計のずれが大きすぎます。", "このデバイスの日付と時刻を自動設定にして、もう一度行ってください。")),
        Reason::ServerForbids => (
            ("The server does not allow it.", "Ask your administrator."),
            ("サーバーが許可していません。", "管理者に問い合わせてください。")),
        Reason::RequestNotUnderstood => (
            ("The server did not understand the call.", "Update the app. If it stays, report it with the server's version."),
            ("サーバーが呼び出しを理解しませんでした。", "アプリを更新してください。続くときは、サーバーのバージョンとともに報告してください。")),
        Reason::NotPossibleHere => (
            ("This system has no such thing.", "Look at what the account can do: countersign show."),
            ("このシステムにその機能はありません。", "アカウントでできることを見るには: countersign show。")),
        Reason::SignatureWrong => (
            ("A message has a signature that is not the server's. It is refused.", "Tell your administrator: somebody may be in between."),
            ("サーバーのものではない署名が付いています。これは拒否します。", "誰かが間に入っている可能性があります。管理者に伝えてください。")),
        Reason::TokenAlgorithmRefused => (
            ("A token is signed in a way that proves nothing. It is refused.", "Tell your administrator."),
            ("何も証明しない方法で署名されたトークンです。これは拒否します。", "管理者に伝えてください。")),
        Reason::SigningKeyUnknown => (
            ("A token is signed by a key that is not among the server's. It is refused.", "Show a new code on the web page and scan that. If it stays, tell your administrator."),
            ("サーバーのキーにないキーで署名されたトークンです。これは拒否します。", "Web ページで新しいコードを読み取ってください。続くときは、管理者に伝えてください。")),
        Reason::KeyHasPrivateParts => (
            ("The server shows the private parts of its keys to everybody. It is refused.", "Tell your administrator at once."),
            ("サーバーが秘密キーを公開しています。これは拒否します。", "すぐに管理者に伝えてください。")),
        Reason::ServerKeyUnusable => (
            ("The server's key is not one, or has an odd size.", "Tell your administrator."),
            ("サーバーのキーが正しくないか、大きさが異常です。", "管理者に伝えてください。")),
        Reason::DeviceKeyGone => (
            ("This phone's key for the account is gone, as after a restore to another device.", "Set the account up again with a new code from the web page."),
            ("アカウントのためのこの電話のキーがありません (別のデバイスへの復元後など)。", "Web ページの新しいコードで設定し直してください。")),
        Reason::DeviceKeyLocked => (
            ("The key can't be used while the device is locked.", "Unlock the device and try again."),
            ("デバイスのロック中はキーを使えません。", "デバイスのロックを解除して、もう一度行ってください。")),
        Reason::DeviceKeyNotAllowed => (
            ("The use of the key was stopped. Nothing has been sent.", "Try again and allow it."),
            ("キーの使用が中止されたため、何も送っていません。", "もう一度行い、許可してください。")),
        Reason::DeviceKeyFailed => (
            ("The key store of this device failed.", "Restart the device and try again."),
            ("このデバイスのキー ストアが失敗しました。", "デバイスを再起動して、もう一度行ってください。")),
        Reason::DeviceKeyUnusable => (
            ("The key store of this device gave a key or signature that is not right.", "Set the account up again with a new code from the web page."),
            ("このデバイスのキー ストアが、正しくないキーまたは署名を返しました。", "Web ページの新しいコードで設定し直してください。")),
        Reason::SigningTooSlow => (
            ("Signing took so long that the server would not take it any more. Nothing has been sent.", "Try again and confirm at once."),
            ("署名に時間がかかり、サーバーが受け付けない時刻になりました。何も送っていません。", "もう一度行い、すぐに確認してください。")),
        Reason::RegistrationDamaged => (
            ("The account's own data about approvals can't be read.", "Set the account up again with a new code from the web page."),
            ("アカウントの承認データを読めません。", "Web ページの新しいコードで設定し直してください。")),
        Reason::FlowOutdated => (
            ("This was begun by another version of the app and can't go on.", "Begin again."),
            ("別のバージョンのアプリで始めたもので、続けられません。", "最初からやり直してください。")),
        Reason::TooManySteps => (
            ("The server kept this going without an end, so it was left.", "Try again later. If it stays, tell your administrator."),
            ("サーバーが終わりなく続けさせたため、中止しました。", "後でもう一度行ってください。続くときは、管理者に伝えてください。")),
        Reason::WrongPassword => (
            ("The password does not open this vault.", "Try again; look at Caps Lock and the keyboard's language. If it is forgotten: countersign passwd --with-recovery-code."),
            ("パスワードが違います。", "Caps Lock と入力言語を確かめ、もう一度入力してください。忘れたときは: countersign passwd --with-recovery-code。")),
        Reason::WrongRecoveryCode => (
            ("This is not the recovery code of this vault, or it is mistyped.", "Compare each group with the paper."),
            ("この保管庫の回復コードではないか、入力に誤りがあります。", "紙と 1 組ずつ見比べてください。")),
        Reason::PlatformKeyGone => (
            ("This device's key for the vault is gone, as after a restore to another device. Nothing has been deleted.", "Open the vault with the password or the recovery code."),
            ("この保管庫のためのデバイスのキーがありません (別のデバイスへの復元後など)。何も消えていません。", "パスワードまたは回復コードで開いてください。")),
        Reason::WrongWatchKey => (
            ("The key for background checks is no longer this vault's.", "Unlock the app once: it renews the key."),
            ("バックグラウンド確認用のキーが、この保管庫のものではなくなりました。", "アプリのロックを一度解除すると、キーが更新されます。")),
        Reason::NoSuchWay => (
            ("The vault has no such way in.", "Use another one: the password, the recovery code, or the device's lock."),
            ("この保管庫には、その入り方がありません。", "パスワード、回復コード、デバイスのロックのどれかを使ってください。")),
        Reason::NoWayBack => (
            ("A password or a recovery code is needed: a vault without either can be lost by a broken device alone.", "Set a password, or make a recovery code."),
            ("パスワードか回復コードが必要です。どちらもないと、デバイスの故障だけで保管庫を失います。", "パスワードを設定するか、回復コードを作ってください。")),
        Reason::Locked => (
            ("The vault is locked.", "Unlock it and try again."),
            ("保管庫はロックされています。", "ロックを解除して、もう一度行ってください。")),
        Reason::VaultDamaged => (
            ("The vault file is damaged, or somebody changed it.", "Keep this file as it is and take your latest backup. Nothing has been changed."),
            ("保管庫のファイルが壊れているか、誰かに変更されています。", "このファイルはそのまま残し、最新のバックアップを使ってください。何も変更していません。")),
        Reason::NotAVault => (
            ("This file is not a vault.", "Choose another file with --vault."),
            ("このファイルは保管庫ではありません。", "--vault で別のファイルを選んでください。")),
        Reason::NewerVersion => (
            ("This vault was written by a newer version of Countersign.", "Update Countersign and open it again. Nothing has been changed."),
            ("この保管庫は、より新しいバージョンの Countersign で書かれています。", "Countersign を更新して開いてください。何も変更していません。")),
        Reason::VaultNotFound => (
            ("There is no vault here.", "Make one: countersign init. Or choose another place with --vault."),
            ("ここに保管庫はありません。", "作るには: countersign init。別の場所なら --vault で選んでください。")),
        Reason::VaultExists => (
            ("There is a file at this place already.", "Choose another place with --vault: nothing is overwritten."),
            ("この場所にはすでにファイルがあります。", "--vault で別の場所を選んでください。上書きはしません。")),
        Reason::DiskFull => (
            ("There is no space left, so nothing has been changed.", "Make space and try again."),
            ("空き容量がないため、何も変更していません。", "空きを作って、もう一度行ってください。")),
        Reason::ReadOnly => (
            ("The vault or its folder can't be written, so nothing has been changed.", "Look at the permissions of the file and of its folder."),
            ("保管庫またはフォルダーに書き込めないため、何も変更していません。", "ファイルとフォルダーのアクセス許可を確かめてください。")),
        Reason::InUse => (
            ("Another program is writing to this vault.", "Wait a moment and try again."),
            ("別のプログラムがこの保管庫に書き込んでいます。", "少し待って、もう一度行ってください。")),
        Reason::RolledBack => (
            ("This vault is older than the one last seen here: an older copy has been put in its place.", "Find the newer file. If this one is right, open it with --accept-older."),
            ("この保管庫は、ここで最後に見たものより古いです。古いコピーに置き換えられています。", "新しいファイルを探してください。これが正しければ、--accept-older を付けて開いてください。")),
        Reason::NoSuchAccount => (
            ("There is no such account.", "See what is there: countersign list."),
            ("そのアカウントはありません。", "一覧を見るには: countersign list。")),
        Reason::ValueTooLarge => (
            ("A name, note or password is longer than is taken.", "Shorten it."),
            ("名前、メモ、またはパスワードが長すぎます。", "短くしてください。")),
        Reason::SystemFailed => (
            ("The operating system could not read, write or give randomness.", "Try again. If it stays, look at the disk."),
            ("オペレーティング システムが読み書きまたは乱数の取得に失敗しました。", "もう一度行ってください。続くときは、ディスクを確かめてください。")),
        Reason::NoApprovals => (
            ("This account answers no sign-in requests.", "It shows codes: countersign code."),
            ("このアカウントはサインインの要求に対応していません。", "コードを表示するには: countersign code。")),
        Reason::WatchRecordDiffers => (
            ("What background checks use was not what the account says: somebody may have changed it. It has been set right, and nothing has been sent.", "Look for waiting requests again."),
            ("バックグラウンド確認用のデータがアカウントと違っていました。誰かが変更した可能性があります。修正し、何も送っていません。", "待っている要求をもう一度探してください。")),
        Reason::AccountBusy => (
            ("Another window or program is changing this account's key.", "Wait two minutes and try again."),
            ("別の画面またはプログラムが、このアカウントのキーを変更しています。", "2 分待って、もう一度行ってください。")),
        Reason::NoSuchRun => (
            ("That has ended already.", "Begin again."),
            ("それはすでに終わっています。", "最初からやり直してください。")),
        Reason::NotAddedThisWay => (
            ("A text of this kind is not added this way.", "Look what it is: countersign recognise -"),
            ("この種類の文字列は、この方法では追加しません。", "何かを調べるには: countersign recognise -")),
    };
    match language {
        Language::English => (what, next),
        Language::Japanese => (what_ja, next_ja),
    }
}
