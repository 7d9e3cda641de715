package org.countersign.ui

import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.screens.AccountDialog
import org.countersign.ui.screens.BackupPage
import org.countersign.ui.screens.ExportPage
import org.countersign.ui.screens.ImportPage
import org.countersign.ui.screens.LockOut
import org.countersign.ui.screens.Look
import org.countersign.ui.screens.PushTold
import org.countersign.ui.screens.RequestEnd
import org.countersign.ui.screens.RequestPhase
import org.countersign.ui.screens.ScreenState
import org.countersign.ui.screens.SelfTest
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.Wanted

/** The pictures, and the tests that go through all of them, leave nothing out. */
class SamplesTest {
    @Test
    fun `every screen, page and dialog is among the samples`() {
        val shown = Samples.all.values.flatMap(::within).toSet()
        val kinds = listOf(
            ScreenState::class, SettingsPage::class, AccountDialog::class, SelfTest::class, RequestPhase::class,
            Wanted::class, Look::class, ImportPage::class, ExportPage::class, BackupPage::class,
            LockOut::class, PushTold::class,
        )
        val missing = kinds.flatMap { leaves(it.java) }.filter { it !in shown.map(Any::javaClass) }
        assertEquals(emptyList(), missing.map { it.name })
        assertEquals(emptyList(), RequestEnd.entries.filter { it !in shown })
    }

    private fun leaves(kind: Class<*>): List<Class<*>> =
        kind.permittedSubclasses?.flatMap(::leaves) ?: listOf(kind)

    /** [state] and what it consists of. */
    private fun within(state: Any): List<Any> {
        if (state is Iterable<*>) return state.filterNotNull().flatMap(::within)
        val ours = state.javaClass.packageName == ScreenState::class.java.packageName && state !is Enum<*>
        val fields = if (ours) state.javaClass.declaredFields.filterNot { it.type == state.javaClass } else emptyList()
        return listOf(state) + fields.mapNotNull { it.apply { isAccessible = true }.get(state) }.flatMap(::within)
    }
}
