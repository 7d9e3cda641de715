package org.countersign.ui.logic

import org.countersign.core.AnswerKind
import org.countersign.core.ApprovalAbilities
import org.countersign.core.ApprovalDetails
import org.countersign.core.Check
import org.countersign.core.CheckKind
import org.countersign.core.CodeAlgorithm
import org.countersign.core.CodeDetails
import org.countersign.core.CodeKind
import org.countersign.core.Codes
import org.countersign.core.KeyAlgorithm
import org.countersign.core.Odd
import org.countersign.core.Origin
import org.countersign.core.SeenRequest
import org.countersign.core.Summary
import org.countersign.core.Way as CoreWay
import org.countersign.ui.screens.Abilities
import org.countersign.ui.screens.ApprovalFacts
import org.countersign.ui.screens.CheckLine
import org.countersign.ui.screens.CheckOf
import org.countersign.ui.screens.CodeFacts
import org.countersign.ui.screens.HashOf
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.KeyPlace
import org.countersign.ui.screens.Server
import org.countersign.ui.screens.SignIn
import org.countersign.ui.screens.TimedCode
import org.countersign.ui.screens.Wanted
import org.countersign.ui.screens.Way
import org.countersign.ui.screens.inOneLine

// What the core tells, as screens show it.

fun CoreWay.shown() = when (this) {
    CoreWay.PASSWORD -> Way.Password
    CoreWay.PLATFORM -> Way.DeviceLock
    CoreWay.RECOVERY -> Way.RecoveryCode
}

fun Codes.shown() = TimedCode(Hidden(current), Hidden(next), validFrom, validUntil)

fun Origin.shown() = Server(text, host)

fun List<Odd>.shown() = map { it.name.lowercase() }

fun CodeDetails.shown() = CodeFacts(
    algorithm = when (algorithm) {
        CodeAlgorithm.SHA1 -> HashOf.Sha1
        CodeAlgorithm.SHA256 -> HashOf.Sha256
        CodeAlgorithm.SHA512 -> HashOf.Sha512
        CodeAlgorithm.SHA224 -> HashOf.Sha224
        CodeAlgorithm.SHA384 -> HashOf.Sha384
        CodeAlgorithm.MD5 -> HashOf.Md5
    },
    digits = digits.toInt(),
    period = when (val kind = kind) {
        is CodeKind.Totp -> kind.period.toInt()
        is CodeKind.Steam, is CodeKind.Yandex -> STEAM_PERIOD
        is CodeKind.Motp -> MOTP_PERIOD
        is CodeKind.Hotp -> null
    },
    steam = kind is CodeKind.Steam,
)

fun ApprovalDetails.shown(place: (String) -> KeyPlace) = ApprovalFacts(
    system = system,
    server = origin.shown(),
    keyAlgorithm = when (val algorithm = key?.algorithm) {
        is KeyAlgorithm.Es256 -> "ES256"
        is KeyAlgorithm.Rs256 -> "RS256, ${algorithm.bits}"
        null -> null
    },
    key = key?.let { place(it.id) },
    can = can.shown(),
)

private fun ApprovalAbilities.shown() = Abilities(look, rotateKey, lockOut)

fun Check.shown() = CheckLine(
    kind.shown(), reason?.named(), works,
    // The core tells how far the server is ahead.
    if (kind == CheckKind.CLOCK) figure?.let { -it } else figure,
)

private fun CheckKind.shown() = when (this) {
    CheckKind.KEY -> CheckOf.Key
    CheckKind.SERVER -> CheckOf.Server
    CheckKind.CLIENT -> CheckOf.Client
    CheckKind.REGISTRATION -> CheckOf.Registration
    CheckKind.CLOCK -> CheckOf.Clock
    CheckKind.NETWORK -> CheckOf.Network
    CheckKind.REQUESTS -> CheckOf.Requests
    CheckKind.OTHER_PHONE -> CheckOf.OtherPhone
    CheckKind.NOTIFICATIONS -> CheckOf.Notifications
    CheckKind.BACKGROUND -> CheckOf.Background
}

/** A request is named by its account and the server's id of it. */
val SeenRequest.key get() = "$account/${request.id}"

/** [of] is its account in this vault, where that can be read. */
fun SeenRequest.shown(of: Summary?) = SignIn(
    key = key,
    application = request.application,
    account = accountOf(of),
    place = request.place,
    question = request.question,
    askedAt = request.askedAt,
    seenAt = request.seenAt,
    expiresAt = request.expiresAt,
    wants = when (val answer = request.answer) {
        is AnswerKind.Number -> Wanted.Number
        is AnswerKind.Text -> Wanted.Letters
        is AnswerKind.Pin -> Wanted.Pin(answer.length.toInt())
        is AnswerKind.Choice -> Wanted.Word(answer.words)
        is AnswerKind.Confirmation -> Wanted.Confirmation
        is AnswerKind.Unsupported -> Wanted.Unsupported(answer.reason.named())
    },
    takesReason = request.takesDeclineReason,
)

/** As the person calls it; and as the server does, where that is not the same. */
private fun SeenRequest.accountOf(of: Summary?): String {
    if (of == null) return request.account
    val own = inOneLine(of.issuer, of.name)
    return if (request.account == of.name) own else inOneLine(own, request.account)
}

/** Steam's and Yandex's codes change every 30 s, as those of RFC 6238 do by default. */
private const val STEAM_PERIOD = 30

private const val MOTP_PERIOD = 10
