package org.countersign.ui.logic

import org.countersign.core.Authenticator
import org.countersign.core.Scanned
import org.countersign.ui.screens.Language
import org.countersign.ui.screens.ReasonName

/** Ways from one screen to another. */
interface Navigator {
    /** The language of the words, kept when it is changed. */
    var language: Language

    fun open(place: Place)

    /** To the screen before. */
    fun back()

    /** To this screen instead of all others. */
    fun home(place: Place? = null)

    /** The vault is locked, or is to be. */
    fun lock()

    /** The vault is open; [note] is what was found when it was. */
    fun unlocked(core: Authenticator, note: ReasonName? = null, first: Place? = null)

    /** Something that a person wanted was refused: a report tells it. */
    fun failed(reason: ReasonName)

    /** From the start: the vault's file is looked for anew. */
    fun restart()
}

/** Where one can go in an open vault. */
sealed interface Place {
    /** With what was found already, by a link from outside. */
    data class Add(val found: Scanned? = null) : Place

    /** [open] is the key of the one that is meant, where others wait beside it. */
    data class Requests(val samePhone: Boolean = false, val open: String? = null) : Place

    data class Account(val id: String) : Place

    data object Settings : Place

    /** The recovery code was never checked: a new one is to be made. */
    data object RecoveryCode : Place

    data object Trash : Place

    /** Sign-ins of the past: of all accounts, or of one. */
    data class History(val account: String? = null) : Place

    /** With files that came from another app. */
    data class Import(val files: List<Document> = emptyList()) : Place

    /** Accounts from a backup of ours. */
    data object Restore : Place

    data object Export : Place

    data object Backup : Place
}
