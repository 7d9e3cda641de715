package org.countersign.ui.logic

import java.security.SecureRandom
import org.countersign.core.RecoveryCode
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.Typed

/** A new recovery code, from showing it to the check that it was written down. */
class RecoveryCheck(private val code: RecoveryCode) {
    /** The code in groups, to be shown. */
    fun groups(): List<Hidden> {
        val text = code.text()
        return text.decodeToString().split('-').map(::Hidden).also { text.fill(0) }
    }

    /** The group that is asked for, counted from 1; another one each time that it is chosen. */
    var asked = 0
        private set

    fun ask(): Int {
        val groups = groups().size
        asked = (asked + SecureRandom().nextInt(groups - 1)) % groups + 1
        return asked
    }

    fun isRight(typed: Typed): Boolean = spent(typed) { code.hasGroup(asked.toUInt(), it) }

    companion object {
        /** A row of the vault that is there until the code was checked. */
        const val UNCHECKED = "recovery-code-unchecked"

        /** The same for the recovery code of backups. */
        const val BACKUP_UNCHECKED = "backup-code-unchecked"
    }
}
