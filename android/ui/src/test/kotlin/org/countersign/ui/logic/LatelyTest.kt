package org.countersign.ui.logic

import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.screens.ReasonName

class LatelyTest {
    @Test
    fun `the last failures, the newest first`() {
        val lately = Lately(PlayedClocks())
        for (at in 1..6) lately.failed(ReasonName("r$at"))
        assertEquals(listOf("r6", "r5", "r4", "r3", "r2"), lately.failures().map { it.reason.name })
    }
}
