use std::fmt::Display;

use super::Language;
use crate::text::visible;

/// Makes a function for each sentence, with its arguments in both languages. An argument may be a stranger's text: it
/// stands in one line, and a terminal obeys nothing in it.
macro_rules! phrases {
    ($($name:ident($($arg:ident),*): $english:literal, $japanese:literal;)+) => {
        $(
            pub fn $name(language: Language, $($arg: &dyn Display),*) -> String {
                $(let $arg = visible(&$arg.to_string());)*
                match language {
                    Language::English => format!($english),
                    Language::Japanese => format!($japanese),
                }
            }
        )+
    };
}

phrases! {
    // Questions.
    yes_no(): "[y/N]", "[はい/いいえ]";
    password_question(): "Password of the vault:", "保管庫のパスワード:";
    new_password(): "New password:", "新しいパスワード:";
    new_password_again(): "The same again:", "もう一度:";
    recovery_code_question(): "Recovery code:", "回復コード:";
    type_group(group): "Write the code down on paper now. To check: what is group {group}?", "今すぐコードを紙に書き留めてください。確認のため、{group} 番目の組を入力してください:";

    // What takes a while.
    opening(): "Opening the vault …", "保管庫を開いています…";
    making_vault(): "Making the vault …", "保管庫を作っています…";
    making_keys(): "Making new keys for the vault …", "保管庫の新しい鍵を作っています…";
    making_key(): "Making a device key …", "デバイス キーを作っています…";
    reading_picture(): "Looking for QR codes in the picture …", "画像の QR コードを探しています…";
    waiting_for_server(): "Waiting for the server …", "サーバーの応答を待っています…";
    waiting_to_try(): "The server is tried again in a moment …", "少し待って、もう一度サーバーに送ります…";
    awaiting(names): "Waiting for the servers of: {names} …", "サーバーの応答を待っています: {names}…";
    awaiting_more(names, more): "Waiting for the servers of: {names} and {more} more …", "サーバーの応答を待っています: {names}、ほか {more} 件…";
    looking_until(seconds): "Looking for {seconds} s; Ctrl-C ends it.", "{seconds} 秒間確認します。Ctrl-C で終了します。";

    // The vault.
    vault_made(file): "The vault is made: {file}\n\nThis recovery code opens it when the password is forgotten. It is shown only now:", "保管庫を作りました: {file}\n\nパスワードを忘れたときは、この回復コードで開きます。表示は今回だけです:";
    new_recovery_code(): "The new recovery code; the old one has ended. It is shown only now:", "新しい回復コードです。古いものは使えません。表示は今回だけです:";
    written_down(): "Right. Keep the paper where you keep your passport.", "正しいです。紙は大切な書類と同じ場所に保管してください。";
    group_differs(): "That is not what the code says there.", "コードのその部分と違います。";
    recovery_code_right(): "This is the right recovery code.", "正しい回復コードです。";
    password_changed(): "The password is changed. The old one opens nothing any more.", "パスワードを変えました。古いものでは開けません。";
    no_backup_yet(): "There has been no backup yet: when this file is lost, so are its accounts.", "まだバックアップがありません。このファイルを失うと、アカウントも失われます。";
    backup_folder_question(): "Backups open on any phone, with the vault's password. In which folder shall they live, best on another disk or one that is synchronised? (Empty: later)", "バックアップは、保管庫のパスワードで、どの電話でも開けます。どのフォルダーに置きますか。別のディスクか、同期されるフォルダーがおすすめです (空なら後で):";
    backup_folder_set(folder, keep): "After each change a backup is written to {folder}; the latest {keep} stay. To change that: countersign backup --help", "変更のたびに {folder} にバックアップを書き込み、新しいものから {keep} 個を残します。変えるには: countersign backup --help";
    backup_password_question(): "Password for backups; it opens them on any phone. New password:", "バックアップのパスワード (どの電話でも、これで開きます)。新しいパスワード:";
    backup_code(): "This recovery code opens backups from now on when their password is forgotten. It is shown only now:", "これからのバックアップは、パスワードを忘れたときに、この回復コードでも開けます。表示は今回だけです:";
    making_backup(): "Writing the backup and opening it …", "バックアップを書き込み、開いて確かめています…";
    backup_written(file, accounts): "Written, read back and opened: {file}\nAccounts in it: {accounts}", "書き込み、読み直して、開けることを確かめました: {file}\nアカウント: {accounts} 件";
    backup_removed(count): "Older backups removed: {count}", "古いバックアップを削除しました: {count} 個";
    backup_lacks(count): "Of {count} accounts it has the names only, as the vault's rows are damaged. Older backups stay.", "{count} 件のアカウントは、保管庫の行が壊れているため、名前だけです。古いバックアップは残します。";
    backup_opens(made, accounts, trashed): "It opens. Made: {made}. Accounts: {accounts}, {trashed} of them in the trash", "開けました。作成: {made}。アカウント: {accounts} 件 (うち、ごみ箱 {trashed} 件)";
    last_backup(made, accounts): "Last backup that was read back and opened: {made}. Accounts in it: {accounts}", "読み直して開けることを確かめた最後のバックアップ: {made}。アカウント: {accounts} 件";
    backups_open_with_nothing(): "There is no password for backups yet; the first one asks for it.", "バックアップのパスワードはまだありません。最初のバックアップで決めます。";
    backups_open_with_password(): "Backups from now on open with their password.", "これからのバックアップは、そのパスワードで開きます。";
    backups_open_with_both(): "Backups from now on open with their password, and with the recovery code that was made for them.", "これからのバックアップは、そのパスワードか、そのために作った回復コードで開きます。";
    no_backup_folder(): "No folder is set for backups. To set one: countersign backup --folder DIR", "バックアップのフォルダーは決まっていません。決めるには: countersign backup --folder フォルダー";
    backup_folder_by_hand(folder, keep): "The command countersign backup writes to {folder}; the latest {keep} stay.", "countersign backup は {folder} に書き込み、新しいものから {keep} 個を残します。";
    backup_failed(what, next): "The change is done, but the backup after it could not be written: {what} {next}", "変更は完了しましたが、その後のバックアップを書き込めませんでした: {what} {next}";
    not_in_backup(count): "Accounts that are in no backup as they are now: {count}. To write one: countersign backup", "今の状態がバックアップにないアカウント: {count} 件。書き込むには: countersign backup";
    backup_old(days): "The last backup is {days} days old. To write one: countersign backup", "最後のバックアップから {days} 日たちました。書き込むには: countersign backup";
    set_up_again(): "These approved sign-ins on the other phone, and need a new set-up on this one:", "次のアカウントは、元の電話でサインインを承認していました。この電話で新しく設定してください:";
    set_up_again_line(title, origin): "  {title}: ask the help desk of whoever runs {origin}", "  {title}: {origin} を管理する組織の窓口に頼んでください";
    parts_damaged(parts): "These parts of the vault are damaged; what is not among them is whole: {parts}", "保管庫の次の部分が壊れています。それ以外は無事です: {parts}";
    head_unreadable(file): "What was last seen of this vault can't be read, so an older copy of it would not be noticed this time: {file}", "この保管庫について最後に見た記録を読めないため、古いコピーであっても今回は気付けません: {file}";
    head_unwritten(file): "What was seen of this vault can't be kept, so an older copy of it would not be noticed next time: {file}", "この保管庫について見た記録を保存できないため、次回は古いコピーに気付けません: {file}";
    older_accepted(): "The vault is older than the one last seen here. It has been opened as you asked.", "保管庫は、ここで最後に見たものより古いです。指定どおり開きました。";

    // Accounts.
    no_accounts(): "No accounts yet. Add one: countersign add QR-PICTURE", "アカウントはまだありません。追加するには: countersign add QR画像";
    trash_empty(): "The trash is empty.", "ごみ箱は空です。";
    added(title): "Added: {title}", "追加しました: {title}";
    already_there(title): "It is there already: {title}", "すでにあります: {title}";
    trash_stays(): "They stay here until they are deleted for good: countersign purge ACCOUNT", "完全に削除するまで、ここに残ります: countersign purge アカウント";
    purge_question(title): "{title}\n\nDelete it for good? Nothing brings it back.", "{title}\n\n完全に削除しますか。元には戻せません。";
    purged(title): "Deleted for good: {title}", "完全に削除しました: {title}";
    renamed(title): "Now called: {title}", "新しい名前: {title}";
    removed(title, id): "In the trash: {title}\nTo take it back: countersign restore {id}", "ごみ箱に移しました: {title}\n戻すには: countersign restore {id}";
    remove_on_the_server(): "The server still knows this phone: remove it there as well, in your security settings.", "サーバーにはこの電話が登録されたままです。セキュリティ情報のページでも削除してください。";
    turn_codes_off(): "The service goes on asking for its codes: turn that off there before you delete the account for good, or you may be locked out.", "サービスは引き続きコードを求めます。完全に削除する前にサービス側で無効にしないと、サインインできなくなることがあります。";
    restored(title): "Back from the trash: {title}", "ごみ箱から戻しました: {title}";
    code_lasts(title, seconds): "{title}, {seconds} s left", "{title}、残り {seconds} 秒";
    code_of_counter(): "This account's codes go by use, not by time: --at has no meaning, and the counter has moved on.", "このアカウントのコードは時刻ではなく使うごとに変わります。--at は意味を持たず、カウンターは 1 つ進みました。";
    show_id(): "Id", "ID";
    show_codes(): "One-time codes", "ワンタイム コード";
    codes_by_time(algorithm, digits, period): "by time, {digits} digits, a new one every {period} seconds ({algorithm})", "時刻ごと、{digits} 桁、{period} 秒で更新 ({algorithm})";
    codes_by_use(algorithm, digits, counter): "by use, {digits} digits, {counter} used ({algorithm})", "使うごと、{digits} 桁、使用回数 {counter} ({algorithm})";
    codes_of_steam(): "Steam's, five letters and digits", "Steam、5 文字の英数字";
    codes_of_motp(digits): "mOTP with a PIN, {digits} characters, a new one every 10 seconds", "PIN 付きの mOTP、{digits} 文字、10 秒で更新";
    codes_of_yandex(): "Yandex's with a PIN, eight letters, a new one every 30 seconds", "PIN 付きの Yandex、英字 8 文字、30 秒で更新";
    show_approvals(): "Sign-in requests", "サインインの要求";
    show_server(): "Server", "サーバー";
    show_key(): "Device key", "デバイス キー";
    show_favourite(): "A favourite", "お気に入り";
    show_tags(): "Tags", "タグ";
    show_note(): "Note", "メモ";
    show_added(): "Added", "追加日時";
    show_changed(): "Changed", "変更日時";
    show_needs_backup(): "Not in a backup yet", "まだバックアップされていません";
    picture_written(file): "Written: {file}\nWhoever sees this picture has the account's codes. Delete it after use.", "書き込みました: {file}\nこの画像を見た人は誰でもコードを作れます。使ったら削除してください。";
    odd_was(what): "Note: {what}", "注意: {what}";

    one_of_codes(number, title): "{number}  {title}", "{number}  {title}";
    which_code(): "Which of these set-up codes? Its number:", "どの設定コードですか。番号:";

    // Other apps' files.
    file_password_question(file, app): "Password of {file} ({app}):", "{file} ({app}) のパスワード:";
    file_secret_question(file, app): "Password or recovery code of {file} ({app}):", "{file} ({app}) のパスワードまたは回復コード:";
    memory_question(mib): "Opening this file takes {mib} MiB of memory, more than a file from outside usually gets. Go on?", "このファイルを開くには、外からのファイルに通常許すより多い {mib} MiB のメモリが必要です。続けますか。";
    opening_takes(file, seconds): "Opening {file} takes about {seconds} s. Ctrl-C stops it; nothing is changed.", "{file} を開くのに約 {seconds} 秒かかります。Ctrl-C で中止できます。何も変わりません。";
    parts_missing(missing, of): "This export has {of} parts, and these are missing: {missing}. Give all of them in one command.", "この書き出しは {of} 個に分かれており、次が足りません: {missing}。すべてを 1 つのコマンドで指定してください。";
    no_entries(): "The file has no accounts.", "ファイルにアカウントがありません。";
    as_row(row): "the same as row {row}", "{row} 行目と同じ";
    import_question(count): "Import the {count} accounts with a +?", "「+」の付いた {count} 個のアカウントをインポートしますか。";
    from_apps(apps): "From: {apps}", "書き出し元: {apps}";
    list_of_codes(): "a list of set-up codes", "設定コードの一覧";
    wants(wanted, most): "It wants {wanted}; at most {most} are given.", "必要なのは {wanted}、許されるのは {most} までです。";
    has(wanted, most): "It has {wanted}; at most {most} are read.", "{wanted} ありますが、読み取れるのは {most} までです。";
    of_mib(amount): "{amount} MiB", "{amount} MiB";
    of_passes(amount): "{amount} MiB over all passes", "全パス合計 {amount} MiB";
    of_rounds(amount): "{amount} rounds", "{amount} 回の計算";
    of_entries(amount): "{amount} entries", "{amount} 件";
    of_bytes(amount): "{amount} bytes", "{amount} バイト";
    too_much_work_next(): "In the other app export again with fewer rounds or passes, or in another format.", "元のアプリで、計算の回数を減らすか、別の形式で、エクスポートし直してください。";
    backup_password_next(): "It is the one that was chosen for the backups when this one was made. Look at Caps Lock and the keyboard's language, or use the recovery code.", "このバックアップを作ったときに、バックアップ用に決めたパスワードです。Caps Lock と入力言語を確かめるか、回復コードを使ってください。";
    newer_backup(): "This backup was written by a newer version of Countersign.", "このバックアップは、より新しいバージョンの Countersign で作られました。";
    newer_backup_next(): "Update Countersign and open it again.", "Countersign を更新して、もう一度開いてください。";
    damaged_backup_next(): "Take another copy of it, or an older backup.", "別のコピーか、以前のバックアップを使ってください。";
    imported(count, id): "Imported: {count}\nTo undo all of it: countersign import --undo={id}", "インポートしました: {count} 個\nすべて取り消すには: countersign import --undo={id}";
    nothing_imported(): "Nothing was imported: there is nothing new.", "新しいものがないため、何もインポートしませんでした。";
    import_undone(count, app): "In the trash: {count} accounts that came from {app}", "ごみ箱に移しました: {app} からインポートした {count} 個のアカウント";

    // Files for other apps.
    export_password_question(): "Password for the new file:", "新しいファイルのパスワード:";
    deriving(): "Making the file's key …", "ファイルの鍵を作っています…";
    writing_export(): "Writing the accounts …", "アカウントを書き出しています…";
    export_without(lost): "without {lost}", "次を除く: {lost}";
    export_question(count): "Accounts to write: {count}. Go on?", "上のとおり、{count} 個のアカウントを書き出しますか。";
    plain_question(count): "Accounts to write: {count}. Their secrets will lie in the clear: whoever reads the file can make their codes. Write it?", "ファイルには {count} 個のアカウントの秘密がそのまま入ります。読んだ人は誰でもコードを作れます。書き出しますか。";
    exported(count): "Exported: {count}", "書き出しました: {count} 個";
    exported_to(count, files): "Exported: {count}\n{files}", "書き出しました: {count} 個\n{files}";
    plain_warning(): "It holds the secrets in the clear: whoever reads it can make the codes.", "秘密がそのまま入っています。読んだ人は誰でもコードを作れます。";

    // Trust.
    trust_question(origin): "This code is for the server\n\n    {origin}\n\nIs that your organisation's address? Trust it?", "このコードのサーバー:\n\n    {origin}\n\n組織のアドレスですか。信頼しますか。";
    sign_in_question(title): "Somebody wants to sign in to {title}. Is it you, at the page that shows this code? Approve?", "{title} へのサインインの要求です。このコードを表示している画面で、自分がサインインしていますか。承認しますか。";
    trust_needed(origin): "Whether to trust this server has to be decided first: {origin}", "このサーバーを信頼するか、先に決める必要があります: {origin}";
    client_id_question(issuer): "Client id for {issuer} (from your administrator):", "{issuer} のクライアント ID (管理者から):";
    client_secret_question(): "Client secret:", "クライアント シークレット:";
    organisation_stored(name): "Stored: {name}", "保存しました: {name}";
    organisation_replaced(name): "Replaced: {name}", "置き換えました: {name}";

    // Input.
    waiting_for_input(): "Waiting for standard input. Ctrl+D on a line of its own ends it.", "標準入力を待っています。終わりは、行頭で Ctrl+D を押します。";
    waiting_for_file(file): "Waiting for something to be written to {file}.", "{file} への書き込みを待っています。";

    // What a text is.
    is_codes(title): "One-time codes for {title}.", "{title} のワンタイム コードです。";
    is_guardian(title): "A code of Auth0 Guardian for {title}. Its one-time codes work here. Its sign-in requests do not: Auth0 sends them through Apple's and Google's push services to its own app only.", "Auth0 Guardian のコードです ({title})。ここではワンタイム コードが使えます。サインインの要求は使えません。Auth0 は Apple と Google のプッシュ サービスで自社のアプリにだけ送るためです。";
    is_guardian_next(): "Add it for the codes: countersign add -. If the page keeps waiting for the app, choose to enter a one-time code there instead.", "コードを使うには: countersign add -。ページがアプリを待ち続けるときは、ワンタイム コードの入力を選んでください。";
    is_codes_next(): "Add it: countersign add -", "追加するには: countersign add -";
    is_approval(origin): "The set-up of sign-in requests with {origin}.", "{origin} のサインイン要求の設定です。";
    is_approval_next(): "If that is your organisation's server, add it: countersign add -", "組織のサーバーなら、追加してください: countersign add -";
    is_sign_in(title): "A sign-in to {title} that asks to be approved.", "承認を求める {title} へのサインインです。";
    is_sign_in_next(): "If it is yours, on your own screen: countersign approve --link -", "自分の画面に出ている自分のサインインなら: countersign approve --link -";
    is_organisation(origin): "An organisation's access for {origin}.", "{origin} の組織のアクセス情報です。";
    is_organisation_next(): "If that is your organisation's server: countersign organisation -", "組織のサーバーなら: countersign organisation -";
    is_look_now(): "A sign-in on this device asks to look for requests.", "このデバイスのサインインが、要求の確認を求めています。";
    is_look_now_next(): "Look: countersign pending. Type the number that the page shows.", "確認するには: countersign pending。画面の番号を入力してください。";

    // Sign-in requests.
    went_on(title): "A set-up that was interrupted has been finished: {title}", "中断された設定を完了しました: {title}";
    answer_arrived(): "An answer that was interrupted has reached its server.", "中断された応答は、サーバーに届いていました。";
    ended_answer(what, next): "An answer that was interrupted: {what} {next}", "中断された応答: {what} {next}";
    ended_interrupted(what, next): "Something that was interrupted has ended: {what} {next}", "中断された処理が終了しました: {what} {next}";
    still_interrupted(): "Something that was interrupted still waits for its server; a command in two minutes or later looks again.", "中断された処理が、まだサーバーを待っています。2 分以上後のコマンドで再び確認します。";
    watch_renewed(): "What background checks use was damaged; it has been made anew. The accounts are whole.", "バックグラウンド確認用のデータが壊れていたため、作り直しました。アカウントは無事です。";
    setting_up(): "Setting up …", "設定しています…";
    decline_only(what, request): "{what} It can only be declined: countersign decline {request}", "{what} 拒否だけができます: countersign decline {request}";
    waiting(request, title, application): "{request}  {title}  {application}", "{request}  {title}  {application}";
    asked_ago(seconds): "{seconds} s ago", "{seconds} 秒前";
    seen_ago(seconds): "seen {seconds} s ago", "{seconds} 秒前に確認";
    wait_already(count): "Waiting already, and seen before: {count}. To see them: countersign pending", "確認済みで待っている要求: {count} 件。見るには: countersign pending";
    nothing_waits(): "No sign-in is waiting. If you are signing in now: countersign expect", "待っているサインインはありません。サインイン中なら: countersign expect";
    flood(title, count, minutes, id): "{title}: {count} requests in {minutes} minutes that you did not approve. If they are not yours, somebody knows your password: approve none and change it now. Once that is done, an app that opens this vault need not tell you of each: countersign quiet {id}", "{title}: 承認していない要求が {minutes} 分間に {count} 件ありました。自分のものでなければ、パスワードを知られています。承認せず、すぐにパスワードを変えてください。変更後、この保管庫を開くアプリの通知を 1 時間止めるには: countersign quiet {id}";
    flood_in_quiet(title, count, minutes, until): "{title}: no notifications until {until}. Requests in the last {minutes} minutes that you did not approve: {count}", "{title}: {until} まで通知しません。承認していない要求 (この {minutes} 分間): {count} 件";
    quiet_until(title, until): "{title}: no notifications until {until}. Its requests are listed and counted as before.", "{title}: {until} まで通知しません。要求はこれまでどおり一覧に表示し、数えます。";
    quiet_ended(title): "{title}: notifications are on.", "{title}: 通知します。";
    past_request(time, became, what): "{time}  {became}  {what}", "{time}  {became}  {what}";
    said_not_me(became): "{became}; you answered that it was not you", "{became}(自分ではないと答えました)";
    no_history(): "No sign-in has been seen yet.", "まだサインインの履歴はありません。";
    history_forgotten(count): "Sign-ins of the past that are forgotten: {count}", "消去したサインインの履歴: {count} 件";
    number_question(title): "{title}\nEnter the number shown to sign in:", "{title}\nサインイン画面に表示された番号を入力してください:";
    pin_question(title): "{title}\nEnter the PIN that the sign-in page shows:", "{title}\nサインイン画面に表示された PIN を入力してください:";
    text_question(title): "{title}\nEnter what the sign-in page shows:", "{title}\nサインイン画面に表示されているものを入力してください:";
    choice_question(title, words): "{title}\n{words}\nEnter what the sign-in page shows:", "{title}\n{words}\nサインイン画面に表示されているものを入力してください:";
    wants_number(): "wants the number on the page", "画面の番号が必要";
    wants_text(): "wants the letters on the page", "画面の文字が必要";
    wants_pin(length): "wants the PIN on the page, {length} characters", "画面の PIN ({length} 文字) が必要";
    wants_choice(words): "wants the word on the page: {words}", "画面の語が必要: {words}";
    wants_yes(): "wants a yes", "承認だけが必要";
    missed_pin(left): "That is not the PIN. Tries left: {left}", "PIN が違います。残り {left} 回";
    missed(left): "That is not the one on the page. Tries left: {left}", "画面のものと違います。残り {left} 回";
    approved(): "Approved. The sign-in goes on in the browser.", "承認しました。ブラウザーでサインインが続きます。";
    approved_before(): "You have approved this sign-in on this phone already.", "このサインインは、この電話ですでに承認しています。";
    approved_before_next(): "Nothing is left to do. If it was not you, change your password now.", "することはありません。自分のものでなかったなら、すぐにパスワードを変えてください。";
    approved_with_code(code): "Approved. Type this code at the sign-in page: {code}", "承認しました。このコードをサインイン画面に入力してください: {code}";
    declined(): "Declined. If you did not start this sign-in, somebody knows your password: change it now.", "拒否しました。自分で始めたサインインでないなら、パスワードを知られています。すぐに変えてください。";
    declined_not_me(): "Declined.", "拒否しました。";
    declined_cancelled(): "Declined. To sign in after all, begin anew at the sign-in page.", "拒否しました。サインインするときは、サインイン画面で最初からやり直してください。";
    stopped_look(): "Sign-ins that wait are still there: countersign pending.", "待っているサインインは残っています: countersign pending。";
    stopped_answer(): "If an answer was on its way, it may have arrived. Wait ten seconds and run the same again: it looks what became of it and goes on.", "送信中の応答は、届いたかもしれません。10 秒待って同じコマンドを実行すると、結果を確認して続けます。";
    scan_again(): "Look at the sign-in page: it tells. If it still waits, scan its code again: the same command with --link.", "サインイン画面を見てください。結果が分かります。まだ待っているなら、もう一度コードを読み取ってください: --link を付けた同じコマンド。";
    change_password(): "Somebody knows your password: change it now.", "パスワードを知られています。すぐに変えてください。";
    or_lock_out(account): "If you can't, have the server lock the account, which only an administrator can undo: countersign lock-out {account} --yes", "変えられないときは、サーバーにアカウントをロックさせてください。元に戻せるのは管理者だけです: countersign lock-out {account} --yes";
    lock_out_offer(): "If you can't change it now, the server can lock the account: then nobody, not even you, can sign in with it until an administrator opens it again. Have it locked?", "今すぐ変えられないときは、サーバーにアカウントをロックさせることができます。管理者が解除するまで、自分も含めて誰もサインインできません。ロックしますか。";
    lock_out_question(title): "Lock {title} at its server now? You can't undo it; only an administrator can.", "{title} をサーバーで今すぐロックしますか。自分では元に戻せません。戻せるのは管理者だけです。";
    not_locked_out(title): "{title} has not been locked.", "{title} はロックしていません。";
    lock_out_not_confirmed(): "The question was interrupted: the account has not been locked.", "確認が中断されたため、アカウントはロックしていません。";
    no_pushes(): "The server sends no pushes to this phone. To look: countersign pending", "サーバーはこの電話にプッシュを送りません。確認するには: countersign pending";
    pushes(): "The server may send pushes there. A push only means \"look now\": it carries nothing, and requests can be looked for without one.", "サーバーはそこにプッシュを送れます。プッシュは「今確認して」の合図だけで、中身はありません。プッシュがなくても確認できます。";
    rotated(): "The account has a new device key; the old one ends.", "アカウントに新しいデバイス キーを設定しました。古いものは使えません。";
    locked_out(title): "{title} is locked. Only an administrator can open it again.", "{title} をロックしました。元に戻せるのは管理者だけです。";
    lock_out_went_on(): "A lock-out that was interrupted has been done: only an administrator can open the account again.", "中断されたアカウントのロックは、完了しました。元に戻せるのは管理者だけです。";
    server_in_time(): "The server's clock and this one are the same.", "サーバーの時計とこの時計は同じです。";
    server_ahead(seconds): "The server is {seconds} s ahead.", "サーバーの時計は {seconds} 秒進んでいます。";
    server_behind(seconds): "The server is {seconds} s behind.", "サーバーの時計は {seconds} 秒遅れています。";
    requests_open(count): "Requests that wait: {count}", "待っている要求: {count} 件";
    clock_line(title, origin, clock, measured): "{title} ({origin}): {clock} Measured: {measured}", "{title} ({origin}): {clock} 測定: {measured}";
    clock_makes_codes(titles): "  It makes the codes of: {titles}", "  この時計でコードを作るアカウント: {titles}";
    clock_makes_no_codes(issuer, account): "  No account with codes has its issuer ({issuer}) and account name ({account}): the time of codes is as it was. To give one these names: countersign rename", "  同じ発行者 ({issuer}) とアカウント名 ({account}) のコードはないため、コードの時刻は変わりません。名前をそろえるには: countersign rename";
    clock_may_make_codes(titles): "  It can make the codes of: {titles}", "  この時計でコードを作れるアカウント: {titles}";
    no_clocks(): "No server has told its time yet. Each look learns it: countersign pending", "時刻を伝えたサーバーはまだありません。確認のたびに分かります: countersign pending";
    code_by_server(clock): "By the server's clock. {clock}", "サーバーの時計によるコードです。{clock}";
    nothing_to_test(): "No account here approves sign-ins yet.", "サインインを承認するアカウントはまだありません。";

    // The demo.
    demo_begins(site): "A sign-in site and a phone, both on this machine ({site}). Nothing leaves it, nothing of it stays.", "このコンピューターの中だけで動くサインイン サイト ({site}) と電話です。外部には何も送らず、後に何も残しません。";
    demo_page(): "THE SIGN-IN PAGE", "サインイン画面";
    demo_phone(): "THE PHONE", "電話";
    demo_add(): "A work account is added by QR code", "QR コードで職場アカウントを追加";
    demo_try(): "A first sign-in request, approved with its number", "最初のサインイン要求を番号で承認";
    demo_codes(): "One-time codes, by QR code", "QR コードでワンタイム コードを追加";
    demo_slip(): "A sign-in: half of the number first, then all of it", "サインイン: 番号を半分だけ入力、次に正しく入力";
    demo_decline(): "A sign-in that was not you", "心当たりのないサインイン";
    demo_picture(side): "▣ QR code, {side} × {side}", "▣ QR コード {side} × {side}";
    demo_ends(): "That was all of it: added by QR code, approved by number, a code accepted, a wrong number and a decline.\nNow with your own browser: countersign practice", "以上です: QR コードでの追加、番号での承認、コードの確認、番号の誤り、拒否。\n次は自分のブラウザーで: countersign practice";
    surprise_site(): "The practice site did not start.", "練習サイトを開始できませんでした。";
    surprise_no_page(): "The site did not answer with a page.", "サイトから画面が返りませんでした。";
    surprise_page(title, status, wanted): "The page \"{title}\" ({status}) has no \"{wanted}\".", "画面「{title}」({status}) に「{wanted}」がありません。";
    surprise_picture(): "The page's QR code could not be saved as a picture.", "画面の QR コードを画像として保存できませんでした。";
    surprise_no_request(): "The phone did not find the one request that waits.", "待っているはずの要求が電話で見つかりませんでした。";

    // Requests on a screen.
    new_request(): "New sign-in request", "新しいサインイン要求";
    number_typed(number): "Enter the number shown to sign in: {number}", "サインイン画面に表示された番号を入力してください: {number}";
    tries_left(left): "Tries left: {left}", "残り {left} 回";
    yes(): "Yes", "はい";
    not_me(): "No, it's not me", "いいえ、私ではありません";

    // The live screen.
    seconds_left(seconds): "{seconds} s left", "残り {seconds} 秒";
    about_seconds_left(seconds): "about {seconds} s left", "残り約 {seconds} 秒";
    seconds_short(seconds): "{seconds} s", "{seconds} 秒";
    pin_typed(pin): "Enter the PIN that the sign-in page shows: {pin}", "サインイン画面に表示された PIN を入力してください: {pin}";
    text_typed(text): "Enter what the sign-in page shows: {text}", "サインイン画面に表示されているものを入力してください: {text}";
    approve_question(): "Approve this sign-in?", "このサインインを承認しますか。";
    sending(): "Sending …", "送信しています…";
    requests_wait(count): "{count} waiting: r", "要求 {count} 件: r";
    expecting(seconds): "expecting: looking for {seconds} s", "待機中: あと {seconds} 秒確認";
    looked(seconds): "looked {seconds} s ago", "{seconds} 秒前に確認";
    screen_locked(): "locked", "ロック中";
    locked_screen(): "Locked. Type the password to go on.", "ロックされています。続けるにはパスワードを入力してください。";
    unlocking(): "Unlocking …", "ロックを解除しています…";
    set_up_prompt(): "Paste the set-up link, or give the name of a picture of the QR code:", "設定リンクを貼り付けるか、QR コードの画像の名前を入力してください:";
    pasted_too_long(bytes): "What was pasted is longer than the {bytes} bytes that fit here. Nothing of it has been taken.", "貼り付けた文字列は、ここに入る {bytes} バイトより長いです。何も取り込んでいません。";
    search_prompt(): "Search:", "検索:";
    no_match(): "No account matches.", "一致するアカウントがありません。";
    code_by_use(): "Enter: code", "Enter: コード";
    approves(): "approves", "承認用";
    keys_list(): "/ search · s scan · e expecting a sign-in? · f favourite", "/ 検索 · s スキャン · e サインインを待つ · f お気に入り";
    key_lock(): "l lock", "l ロック";
    key_quit(): "q quit", "q 終了";
    keys_search(): "Enter done · Esc all accounts", "Enter 確定 · Esc すべて表示";
    key_yes(): "Enter Yes", "Enter はい";
    key_plain_yes(): "y Yes", "y はい";
    key_no(): "n No, it's not me", "n いいえ、私ではありません";
    key_letters_no(): "Ctrl-N No, it's not me", "Ctrl-N いいえ、私ではありません";
    key_list(): "Esc list", "Esc 一覧";
    key_next(): "Tab next request", "Tab 次の要求";
    keys_set_up(): "Enter read · Esc back", "Enter 読み取り · Esc 戻る";
    keys_trust(): "y trust · n don't", "y 信頼する · n しない";
    keys_client(): "Enter next · Tab the other field · Esc stop", "Enter 次へ · Tab もう一方の欄 · Esc 中止";
    keys_yes_no(): "y yes · n no", "y はい · n いいえ";
    keys_locked(): "Enter unlock · Ctrl-C quit", "Enter 解除 · Ctrl-C 終了";

    // The practice site.
    practice_site(site): "Practice site: {site}", "練習サイト: {site}";
    practice_begin(): "Open it in your browser and sign in; the page shows a name and a password to use.", "ブラウザーで開いてサインインしてください。使う名前とパスワードは画面に表示されます。";
    practice_here(): "At the QR code, open \"Can't scan the QR code?\" and copy the text. Then press s here, paste it, and press Enter.", "QR コードの画面で「QR コードをスキャンできない場合」を開き、テキストをコピーします。ここで s を押し、貼り付けて Enter を押してください。";
    practice_elsewhere(): "With this phone in another terminal: countersign add -\nthen paste the text under \"Can't scan the QR code?\", and end the input with Ctrl-D.\nCtrl-C ends the site.", "別の端末でこの電話を使うには: countersign add -\n「QR コードをスキャンできない場合」のテキストを貼り付け、Ctrl-D で入力を終えます。\nCtrl-C でサイトを終了します。";
    practice_kept(file): "The practice site has ended; its people and phones are in {file}.", "練習サイトを終了しました。利用者と電話は {file} にあります。";
    practice_ended(): "The practice site has ended; nothing of it stays.", "練習サイトを終了しました。データは残りません。";
}
