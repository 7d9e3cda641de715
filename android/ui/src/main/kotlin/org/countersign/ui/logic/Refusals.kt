package org.countersign.ui.logic

import org.countersign.core.CodeMistake
import org.countersign.core.CountersignException
import org.countersign.core.Reason
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.RecoveryMistake

/** Under this name the words of a reason are found. */
fun Reason.named() = ReasonName(name.lowercase())

/** The reason that an error of the core stands for. */
fun CountersignException.reason(): Reason = when (this) {
    is CountersignException.Refused -> reason
    is CountersignException.Unreadable -> reason
    is CountersignException.NotWritten -> reason
    is CountersignException.Locked -> Reason.LOCKED
    is CountersignException.WrongPassword -> Reason.WRONG_PASSWORD
    is CountersignException.WrongRecoveryCode -> Reason.WRONG_RECOVERY_CODE
    is CountersignException.PlatformKeyGone -> Reason.PLATFORM_KEY_GONE
    is CountersignException.WrongWatchKey -> Reason.WRONG_WATCH_KEY
    is CountersignException.NoVault -> Reason.VAULT_NOT_FOUND
    is CountersignException.VaultExists -> Reason.VAULT_EXISTS
    is CountersignException.InUse -> Reason.IN_USE
    is CountersignException.NoSuchAccount -> Reason.NO_SUCH_ACCOUNT
    // Mistakes of this app: they are to be seen in a test, not explained to a person.
    is CountersignException.WrongEvent, is CountersignException.WrongLength -> throw IllegalStateException(this)
}

fun CountersignException.named() = reason().named()

fun CodeMistake.shown(): RecoveryMistake = when (this) {
    is CodeMistake.Length -> RecoveryMistake.Length(symbols.toInt())
    is CodeMistake.Symbol -> RecoveryMistake.Symbol(place.toInt())
    is CodeMistake.Check -> RecoveryMistake.Check
    is CodeMistake.Other -> RecoveryMistake.Other
}
