package org.countersign.ui.screens

/**
 * The name of a `Reason` or of another refusal of the core in snake case, such as `not_a_setup_code`. The words for it
 * and for the next tap are in `words/reasons.*`.
 */
@JvmInline
value class ReasonName(val name: String)

/** Text that a screen shows and no log may hold: codes, recovery codes. */
@JvmInline
value class Hidden(val text: String) {
    override fun toString() = "[hidden]"
}

/**
 * What a person typed and no log may hold: passwords, recovery codes, set-up texts, answers. Whoever takes it out of an
 * event [wipe]s it after use.
 */
class Typed(val chars: CharArray) {
    constructor(text: CharSequence) : this(CharArray(text.length) { text[it] })

    fun wipe() = chars.fill('\u0000')

    override fun equals(other: Any?) = other is Typed && chars.contentEquals(other.chars)

    override fun hashCode() = chars.size

    override fun toString() = "[hidden]"
}

/** Two facts of one thing, such as the issuer and the account name; what is not known is left out. */
internal fun inOneLine(first: String, second: String): String =
    listOf(first, second).filter(String::isNotBlank).joinToString(" · ")

/** A host, which a line that is too short breaks after a dot: half of a label could be taken for a whole one. */
internal fun breaking(host: String): String = host.replace(".", ".\u200B")

/** A way into the vault. */
enum class Way { DeviceLock, Password, RecoveryCode }

/** What is wrong with a typed recovery code. */
sealed interface RecoveryMistake {
    /** It has 33 symbols; [symbols] were typed. */
    data class Length(val symbols: Int) : RecoveryMistake

    /** The symbol at [place], counted from 1, is none of a code. */
    data class Symbol(val place: Int) : RecoveryMistake

    /** The check symbol does not fit. */
    data object Check : RecoveryMistake

    /** Well typed, but not the code of this vault. */
    data object Other : RecoveryMistake
}

/** A server, as a person compares it: [text] is shown as it is. */
data class Server(val text: String, val host: String)

/** The codes of one account by time; moments in seconds since 1970 UTC. */
data class TimedCode(val current: Hidden, val next: Hidden, val validFrom: Long, val validUntil: Long)
