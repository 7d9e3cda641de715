package org.countersign.ui

import org.countersign.ui.screens.*

/** States of every screen, as a person meets them. The names are made up. */
object Samples {
    private val names = listOf(
        "Contoso" to "alice@contoso.example", "Nagoya University" to "alice@nagoya.example",
        "GitHub" to "alice", "Fabrikam Mail" to "alice@fabrikam.example", "Practice site" to "alice",
        "Northwind Bank" to "alice.w", "Cloud Console" to "alice@contoso.example", "Woodgrove" to "aw-2041",
    )

    val rows = names.mapIndexed { at, (issuer, name) ->
        AccountRow(
            "id$at", issuer, name, if (at == 4) CodesOf.Nothing else if (at == 7) CodesOf.Counter else CodesOf.Time,
            approvals = at == 0 || at == 4, favourite = at < 2, tags = if (at < 5) listOf("work") else emptyList(),
        )
    }

    fun code(at: Int, left: Long = 18) = RowCode.Timed(
        TimedCode(
            Hidden("%06d".format(287_082 + 104_729 * at % 900_000)), Hidden("%06d".format(359_152 + 7_919 * at)),
            MORNING - 30 + left, MORNING + left,
        ),
    )

    val accounts = AccountsState(
        rows, codes = rows.indices.filter { rows[it].codes == CodesOf.Time }.associate { "id$it" to code(it) } +
            ("id7" to RowCode.Counted(Hidden("755224"))),
        tags = listOf("private", "school", "work"), canLook = true, trashed = 1,
    )
    val waiting = accounts.copy(waiting = 1, tags = emptyList())
    val ending = accounts.copy(
        codes = accounts.codes.mapValues { (id, code) -> if (code is RowCode.Timed) code(id.drop(2).toInt(), 5) else code },
        message = AccountsMessage.Copied(30), look = Look.Expecting(MORNING + 95),
    )
    val hidden = accounts.copy(hideCodes = true, revealed = setOf("id1"))
    val selecting = accounts.copy(selected = setOf("id0", "id2"))
    val trashed = accounts.copy(rows = rows.drop(2), message = AccountsMessage.Trashed(listOf("id0", "id1")))
    val searching = accounts.copy(query = "con", rows = listOf(rows[0], rows[6]))
    val empty = AccountsState(emptyList())
    val interrupted = accounts.copy(
        tags = emptyList(),
        leftovers = listOf(
            Leftover(Leftover.End.SetUp("Contoso", "alice@contoso.example")),
            Leftover(Leftover.End.AnswerStopped(ReasonName("result_unknown")), "Contoso · alice"),
            Leftover(Leftover.End.LockedOut, "Fabrikam · alice"), Leftover(Leftover.End.Stopped(ReasonName("no_network"))),
        ),
    )
    val flooded = Flooded("id0", "Contoso", "alice@contoso.example", requests = 7, minutes = 10)
    val quiet = flooded.copy(quietUntil = MORNING + 3_500)
    val flooding = accounts.copy(waiting = 1, tags = emptyList(), floods = listOf(flooded))
    val trash = TrashState(
        listOf(
            TrashRow("a", "Contoso", "bob@contoso.example", MORNING - 86_400),
            TrashRow("b", "Old forum", "al", MORNING - 864_000),
        ),
    )

    val recovery = listOf("K7QM", "2XWD", "P9RT", "H4NC", "VB3J", "8FZA", "M6YE", "T5GSQ").map(::Hidden)
    val server = Server("https://login.contoso.example/realms/staff", "login.contoso.example")

    val signIn = SignIn(
        "r1", "Contoso Mail", "Contoso · alice@contoso.example", "Nagoya, Japan", "", MORNING - 22, null, MORNING + 98,
        Wanted.Number,
    )
    val second = signIn.copy(
        key = "r2", application = "VPN", place = null, askedAt = MORNING - 60, expiresAt = MORNING + 60,
    )

    /** Of a server that does not say when it was asked. */
    val seen = signIn.copy(
        key = "r3", application = "Library", account = "Nagoya University · alice", askedAt = null, seenAt = MORNING - 75,
        expiresAt = MORNING + 45,
    )
    fun asked(signIn: SignIn) = RequestsState(listOf(signIn), OpenRequest(signIn, RequestPhase.Asking()))
    val asking = asked(signIn)
    val missed = asking.copy(open = OpenRequest(signIn, RequestPhase.Asking(triesLeft = 1, missed = true)))
    val several = RequestsState(listOf(signIn, second, seen))
    fun besideOthers(phase: RequestPhase) = several.copy(open = OpenRequest(signIn, phase))
    val offline = RequestsState(emptyList(), look = Look.Failed(ReasonName("no_network")))
    fun wanting(wants: Wanted) = signIn.copy(wants = wants).let { RequestsState(listOf(it, second), OpenRequest(it, RequestPhase.Asking())) }
    fun ended(end: RequestEnd, reason: ReasonName? = null, code: Hidden? = null, lockOut: LockOut? = null) =
        RequestsState(emptyList(), OpenRequest(signIn, RequestPhase.Ended(end, reason, code, lockOut)))
    private val refused = RequestPhase.Ended(RequestEnd.WrongAnswer, ReasonName("response_refused"), beforeBlock = 1)
    val beforeBlock = RequestsState(emptyList(), OpenRequest(signIn, refused))
    fun notMe(lockOut: LockOut) = ended(RequestEnd.NotMe, lockOut = lockOut)

    val account = AccountState(
        "id0", "Contoso", "alice@contoso.example", favourite = true, tags = listOf("work"), note = "", label = null,
        addedAt = MORNING - 9_000_000, codes = CodeFacts(HashOf.Sha1, 6, 30),
        approvals = ApprovalFacts(
            "Keycloak (Push MFA)", server, "ES256", KeyPlace.SecureElement,
            Abilities(look = true, renewKey = true, lockOut = true),
        ),
    )
    val scanned = account.copy(
        issuer = "eduID", codes = null,
        approvals = ApprovalFacts(
            "tiqr", Server("https://eduid.example", "eduid.example"), null, null,
            Abilities(look = false, renewKey = false, lockOut = false),
        ),
    )
    val tested = account.copy(
        codes = null,
        test = SelfTest.Done(
            listOf(
                CheckLine(CheckOf.Key), CheckLine(CheckOf.Network), CheckLine(CheckOf.Server),
                CheckLine(CheckOf.Clock, ReasonName("clock_differs"), figure = 74), CheckLine(CheckOf.Registration),
                CheckLine(CheckOf.Requests, figure = 1),
                CheckLine(CheckOf.Notifications, ReasonName("notifications_off")), CheckLine(CheckOf.Background),
            ),
        ),
    )
    val nothingFound = account.copy(
        codes = null,
        test = SelfTest.Done(
            listOf(
                CheckLine(CheckOf.Key), CheckLine(CheckOf.Server), CheckLine(CheckOf.Clock, figure = 0),
                CheckLine(CheckOf.Requests, ReasonName("nothing_waits"), works = true, figure = 0),
                CheckLine(CheckOf.OtherPhone, ReasonName("maybe_on_other_phone"), works = null),
            ),
        ),
    )
    val clocks = SettingsPage.Clocks(
        listOf(
            AccountClock("id0", "Contoso", "alice@contoso.example", server.text, 74, MORNING - 600, used = true, hasCodes = true),
            AccountClock("id4", "Practice site", "alice", "http://127.0.0.1:8090/realms/practice", 0, MORNING - 90_000, used = false, hasCodes = false),
        ),
    )

    private fun past(
        at: Int, application: String, end: PastEnd, reason: String? = null, place: String? = "Nagoya, Japan",
    ) = PastSignIn(
        "p$at", application, names[at % 2].let { (issuer, name) -> inOneLine(issuer, name) }, place, MORNING - 30 - 7_000L * at * at,
        end, reason?.let(::ReasonName),
    )

    val history = HistoryState(
        listOf(
            past(0, "Contoso Mail", PastEnd.Waiting), past(1, "Library", PastEnd.Approved, place = null),
            past(2, "Contoso Mail", PastEnd.NotMe, place = "Delft, Netherlands"),
            past(3, "", PastEnd.Unknown, "result_unknown"), past(4, "Payroll", PastEnd.WrongAnswer, "wrong_number"),
            past(5, "Library", PastEnd.AnsweredElsewhere, "answered_elsewhere").copy(saidNotMe = true), past(6, "VPN", PastEnd.Unanswered),
            past(7, "Library", PastEnd.Expired, "request_expired"), past(8, "VPN", PastEnd.Cancelled),
            past(9, "Library", PastEnd.Declined), past(10, "", PastEnd.LockedOut, place = null),
            past(11, "VPN", PastEnd.AnswerRefused, "response_refused"), past(12, "VPN", PastEnd.AccountBlocked, "account_blocked"),
            past(13, "VPN", PastEnd.Waiting, "no_network").copy(saidNotMe = true),
        ),
    )

    val settings = SettingsState(
        setOf(Way.DeviceLock, Way.RecoveryCode), deviceLockOffered = true, Grace.HalfMinute, blockScreenshots = true,
        hideCodes = false,
        BackgroundChecks(
            true, listOf(DeviceFinding(DeviceNeed.Notifications, true), DeviceFinding(DeviceNeed.Battery, false)),
        ),
        PushFacts(emptyList()), namesInNotifications = false, Language.System, Clock(true), About("0.1.0"),
    )
    private val ntfy = Distributor("io.heckel.ntfy", "ntfy")
    private val pushed = listOf(
        PushAccount("id0", "Contoso", "alice@contoso.example", PushTold.Yes),
        PushAccount("id1", "Nagoya University", "alice@nagoya.example", PushTold.Unable("privacyIDEA")),
        PushAccount("id4", "Practice site", "alice", PushTold.Failed(ReasonName("no_network"))),
        PushAccount("id9", "eduID", "alice", PushTold.Scanned),
    )
    val pushes = PushFacts(listOf(ntfy, Distributor("org.example.wakes", "Wakes")), ntfy.id, PushStanding.Works, pushed)
    val noPushes = PushFacts(listOf(ntfy), accounts = listOf(pushed[0]))

    /** The settings at the page of pushes. */
    fun pushing(pushes: PushFacts) = settings.copy(page = SettingsPage.Pushes, pushes = pushes)
    val report = """
        Countersign 0.1.0 (android)
        Android 15 (API 35), Google Pixel 8
        accounts: 8, with codes 7, with approvals 2
        in the trash: 1
        last backup: 3 days ago, not in it: 1, after each change: true
        ways in: platform, recovery
        damaged: 0
        unfinished: 0
        clock: set by hand, 74 s ahead of the servers
        last failures: clock_differs 40 s ago, no_network 3600 s ago
        lock after: HalfMinute, background checks: true
        pushes: off
        Notifications: ok
    """.trimIndent()

    /** Each under the name of its picture. */
    val all: Map<String, ScreenState> by lazy { ours + TransferSamples.all }

    private val ours: Map<String, ScreenState> = mapOf(
        "first-welcome" to FirstRunState.Welcome,
        "first-lock" to FirstRunState.ChooseLock(deviceLock = true),
        "first-password" to FirstRunState.NewPassword(),
        "first-recovery" to FirstRunState.WriteDown(recovery),
        "first-check" to FirstRunState.CheckGroup(3, wrong = true),
        "first-backup" to FirstRunState.AskBackup(),
        "first-backup-password" to FirstRunState.BackupPassword("Cloud"),
        "first-ready" to FirstRunState.Ready("Cloud"),
        "unlock-device" to UnlockState(listOf(Way.DeviceLock, Way.RecoveryCode), Way.DeviceLock, requestWaits = true),
        "unlock-password" to UnlockState(listOf(Way.Password, Way.RecoveryCode), Way.Password, refusal = ReasonName("wrong_password")),
        "unlock-recovery" to UnlockState(listOf(Way.Password, Way.RecoveryCode), Way.RecoveryCode, mistake = RecoveryMistake.Symbol(12)),
        "unlock-older" to UnlockState(listOf(Way.DeviceLock), Way.DeviceLock, refusal = ReasonName("rolled_back"), rolledBack = true),
        "unusable" to UnusableState(ReasonName("vault_damaged"), report.lines().take(2).joinToString("\n") + "\nvault: vault_damaged"),
        "accounts" to accounts,
        "accounts-waiting" to waiting,
        "accounts-ending" to ending,
        "accounts-hidden" to hidden,
        "accounts-selecting" to selecting,
        "accounts-trashed" to trashed,
        "accounts-searching" to searching,
        "accounts-empty" to empty,
        "accounts-interrupted" to interrupted,
        "accounts-flooded" to flooding,
        "accounts-quiet" to flooding.copy(floods = listOf(quiet)),
        "accounts-no-backup" to accounts.copy(tags = emptyList(), backup = BackupWarning.None),
        "trash" to trash,
        "trash-purging" to trash.copy(purging = trash.rows[1]),
        "add-kind" to AddState.ChooseKind,
        "add-way" to AddState.ChooseWay(AddKind.WorkOrSchool),
        "add-scan" to AddState.Scan(ReasonName("wifi_network")),
        "add-camera" to AddState.CameraRefused(settings = true),
        "add-paste" to AddState.Paste(),
        "add-type" to AddState.TypeIn(ReasonName("secret_not_base32")),
        "add-several" to AddState.ChooseFound(listOf(Found("1", "GitHub", "alice", false), Found("2", "Contoso", "alice@contoso.example", true))),
        "add-confirm" to AddState.Confirm(Found("1", "Test + Firma", "test@firma.example", false, listOf("secret_short", "plus_read_as_space"))),
        "add-cant" to AddState.CantAdd(ReasonName("microsoft_push"), "mobileappcommunicator.auth.microsoft.com"),
        "add-export" to AddState.CantAdd(ReasonName("google_export")),
        "add-trust" to AddState.Trust(server, "Contoso staff", "Keycloak (Push MFA)"),
        "add-client" to AddState.Client(server, null, refused = true),
        "add-organisation" to AddState.Organisation("Contoso", server, replaces = true),
        "add-working" to AddState.Working,
        "added-code" to AddState.Added("id9", "Fabrikam Mail", "alice@fabrikam.example", code = code(3).code),
        "added-approvals" to AddState.Added("id9", "Practice site", "alice", approvals = true),
        "added-scanned" to AddState.Added("id9", "eduID", "alice", approvals = true, scanned = true),
        "added-already" to AddState.Added("id9", "GitHub", "alice", already = true, code = code(2).code),
        "add-organisation-stored" to AddState.OrganisationStored,
        "add-failed" to AddState.Failed(ReasonName("enrolment_unknown"), unknown = true),
        "request" to asking,
        "request-missed" to missed,
        "request-letters" to wanting(Wanted.Letters),
        "request-words" to wanting(Wanted.Word(listOf("apple", "river", "candle"))),
        "request-pin" to wanting(Wanted.Pin(4)),
        "request-confirm" to wanting(Wanted.Confirmation),
        "request-unsupported" to wanting(Wanted.Unsupported(ReasonName("answer_kind_unsupported"))),
        "request-answering" to asking.copy(open = OpenRequest(signIn, RequestPhase.Answering(yes = true))),
        "request-same-phone" to asking.copy(samePhone = true),
        "request-seen" to asked(seen),
        "request-others" to besideOthers(RequestPhase.Asking()),
        "request-others-answering" to besideOthers(RequestPhase.Answering(yes = true)),
        "request-others-next" to besideOthers(RequestPhase.Ended(RequestEnd.Approved)),
        "requests-several" to several,
        "requests-flooded" to several.copy(floods = listOf(quiet)),
        "requests-offline" to offline,
        "requests-none" to RequestsState(emptyList(), look = Look.NothingWaits),
        "requests-looking" to RequestsState(emptyList(), look = Look.Now),
        "request-approved" to ended(RequestEnd.Approved),
        "request-display-code" to ended(RequestEnd.Approved, code = Hidden("48213")),
        "request-not-me" to notMe(LockOut.Offered),
        "request-lock-out" to notMe(LockOut.Asking),
        "request-locking-out" to notMe(LockOut.Working),
        "request-locked-out" to notMe(LockOut.Locked),
        "request-lock-out-failed" to notMe(LockOut.Failed(ReasonName("lock_out_unknown"))),
        "request-not-me-untold" to ended(RequestEnd.NotMe).let { state ->
            state.copy(open = state.open?.copy(signIn = signIn.copy(takesReason = false)))
        },
        "request-not-me-flooded" to ended(RequestEnd.NotMe).copy(floods = listOf(flooded)),
        "request-no-decline" to ended(RequestEnd.NotMe, ReasonName("no_decline")),
        "request-declined" to ended(RequestEnd.Declined),
        "request-wrong" to ended(RequestEnd.WrongAnswer, ReasonName("wrong_number")),
        "request-before-block" to beforeBlock,
        "request-expired" to ended(RequestEnd.Expired),
        "request-elsewhere" to ended(RequestEnd.AnsweredElsewhere),
        "request-unknown" to ended(RequestEnd.Unknown, ReasonName("result_unknown")),
        "request-offline" to ended(RequestEnd.NotSent, ReasonName("no_network")),
        "account" to account,
        "account-tested" to tested,
        "account-nothing-found" to nothingFound,
        "account-scanned" to scanned,
        "account-testing" to account.copy(test = SelfTest.Running),
        "account-test-failed" to account.copy(test = SelfTest.Failed(ReasonName("no_network"))),
        "account-tags" to account.copy(dialog = AccountDialog.Tags),
        "account-note" to account.copy(dialog = AccountDialog.Note),
        "account-label" to account.copy(dialog = AccountDialog.Label),
        "account-lock-out" to account.copy(dialog = AccountDialog.LockOut),
        "account-setup-code" to account.copy(dialog = AccountDialog.SetupCode(TransferSamples.png.bytes)),
        "account-rename" to account.copy(dialog = AccountDialog.Rename),
        "account-remove" to account.copy(dialog = AccountDialog.Remove),
        "history" to history,
        "history-account" to history.copy(rows = history.rows.take(3), of = "Contoso · alice@contoso.example"),
        "history-clearing" to history.copy(clearing = true),
        "history-empty" to HistoryState(emptyList()),
        "settings" to settings,
        "settings-background" to settings.copy(page = SettingsPage.Background),
        "settings-pushes" to pushing(pushes),
        "settings-pushes-off" to pushing(noPushes),
        "settings-pushes-no-app" to pushing(PushFacts(emptyList())),
        "settings-pushes-amiss" to pushing(
            pushes.copy(standing = PushStanding.ActionRequired, accounts = listOf(pushed[0].copy(told = PushTold.NotYet))),
        ),
        "settings-clocks" to settings.copy(page = clocks),
        "settings-no-clocks" to settings.copy(page = SettingsPage.Clocks(emptyList())),
        "settings-recovery" to settings.copy(page = SettingsPage.RecoveryCode),
        "settings-write-down" to settings.copy(page = SettingsPage.WriteDown(recovery)),
        "settings-check" to settings.copy(page = SettingsPage.CheckGroup(3)),
        "settings-try" to settings.copy(page = SettingsPage.TryCode(RecoveryMistake.Other, tries = 1)),
        "settings-password" to settings.copy(page = SettingsPage.Password(insteadOfLock = true)),
        "settings-language" to settings.copy(page = SettingsPage.Language),
        "settings-grace" to settings.copy(page = SettingsPage.Grace),
        "settings-report" to settings.copy(page = SettingsPage.Report(report)),
        "settings-about" to settings.copy(page = SettingsPage.About),
    )
}
