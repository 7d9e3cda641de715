package org.countersign.ui

import androidx.compose.material3.ColorScheme
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.toSize
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.countersign.ui.theme.DarkColours
import org.countersign.ui.theme.LightColours

/** What everybody must be able to do: see it, hear it, hit it. */
@OptIn(ExperimentalTestApi::class)
class AccessTest {
    private val tappable = SemanticsMatcher.keyIsDefined(SemanticsActions.OnClick)

    @Test
    fun `everything that can be tapped has 48 dp each way to itself, and a name`() {
        val wrong = mutableListOf<String>()
        for ((name, state) in Samples.all) onLongScreen(state) {
            val least = with(density) { 48.dp.toPx() } - 0.5f
            // What is cut off at the side is whole after scrolling.
            val whole = onAllNodes(tappable).fetchSemanticsNodes().filter { it.boundsInRoot.size == it.size.toSize() }
            for (node in whole) {
                val touch = node.touchBoundsInRoot
                if (touch.width < least || touch.height < least) wrong += "$name: ${spoken(node)} is ${touch.size} px"
                if (spoken(node).isBlank()) wrong += "$name: a tap without a name at ${node.boundsInRoot}"
            }
            for ((one, other) in pairs(whole)) {
                if (takesFrom(one, other)) wrong += "$name: ${spoken(one)} and ${spoken(other)} are too near"
            }
        }
        assertEquals(emptyList(), wrong)
    }

    /**
     * Whether the room around one, which makes it large enough to be hit, reaches over the other. What lies on or in
     * another, as a button in a row, is meant to.
     */
    private fun takesFrom(one: SemanticsNode, other: SemanticsNode) =
        one.root == other.root && !one.boundsInRoot.overlaps(other.boundsInRoot) &&
            one.touchBoundsInRoot.deflate(0.5f).overlaps(other.touchBoundsInRoot.deflate(0.5f))

    private fun pairs(nodes: List<SemanticsNode>) =
        nodes.flatMapIndexed { at, one -> nodes.drop(at + 1).map { one to it } }

    @Test
    fun `every page has a heading to jump to`() {
        for ((name, state) in Samples.all - "add-working" - "accounts-searching") onScreen(state) {
            val headings = onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading)).fetchSemanticsNodes()
            assertTrue(headings.isNotEmpty(), name)
        }
    }

    private fun spoken(node: SemanticsNode): String = with(node.config) {
        val parts = getOrNull(SemanticsProperties.ContentDescription).orEmpty() +
            getOrNull(SemanticsProperties.Text).orEmpty().map { it.text } +
            listOfNotNull(
                getOrNull(SemanticsProperties.EditableText)?.text, getOrNull(SemanticsActions.SetText)?.let { "field" },
            )
        parts.joinToString(" ")
    }

    @Test
    fun `text stands out from its ground, in both looks`() {
        for ((look, colours) in mapOf("light" to LightColours, "dark" to DarkColours)) {
            for ((what, pair) in texts(colours)) {
                val contrast = contrast(pair.first, pair.second)
                assertTrue(contrast >= 4.5, "$what in $look: $contrast")
            }
            assertTrue(contrast(colours.outline, colours.surface) >= 3.0, "the frame of a field in $look")
        }
    }

    /** Every pair of text and ground that the screens have. */
    private fun texts(c: ColorScheme) = mapOf(
        "text" to (c.onSurface to c.surface),
        "text on a card" to (c.onSurface to c.surfaceContainer),
        "detail" to (c.onSurfaceVariant to c.surface),
        "detail on a card" to (c.onSurfaceVariant to c.surfaceContainer),
        "detail of a selected row" to (c.onSurfaceVariant to c.primaryContainer),
        "detail in a dialog" to (c.onSurfaceVariant to c.surfaceContainerHigh),
        "button" to (c.onPrimary to c.primary),
        "link" to (c.primary to c.surface),
        "link on a card" to (c.primary to c.surfaceContainer),
        "ring of a selected row" to (c.primary to c.primaryContainer),
        "hint" to (c.onPrimaryContainer to c.primaryContainer),
        "refusal" to (c.onErrorContainer to c.errorContainer),
        "danger" to (c.error to c.surface),
        "danger on a card" to (c.error to c.surfaceContainer),
        "danger in a dialog" to (c.error to c.surfaceContainerHigh),
        "message" to (c.inverseOnSurface to c.inverseSurface),
        "action of a message" to (c.inversePrimary to c.inverseSurface),
    )

    /** WCAG 2.2, contrast ratio. */
    private fun contrast(one: Color, other: Color): Double {
        val (dark, light) = listOf(one.luminance(), other.luminance()).sorted()
        return (light + 0.05) / (dark + 0.05)
    }
}
