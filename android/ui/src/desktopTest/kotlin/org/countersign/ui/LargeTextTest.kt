package org.countersign.ui

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getAllSemanticsNodes
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import org.countersign.ui.parts.oneByOne
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.Hidden
import org.countersign.ui.screens.RowCode
import org.countersign.ui.screens.ScreenState

/** Text at 200 %: nothing of it is lost. */
class LargeTextTest {
    @Test
    fun `no text is cut off, and no word broken`() {
        val wrong = mutableListOf<String>()
        for ((name, state) in Samples.all) scene(state, HEIGHT) { scene ->
            for (node in scene.nodes()) {
                val layout = node.layout() ?: continue
                val text = layout.layoutInput.text.text
                if (node.isCut() || layout.isShortened()) wrong += "$name: cut: $text"
                layout.brokenWord()?.let { wrong += "$name: broken: $it" }
            }
        }
        assertEquals(emptyList(), wrong)
    }

    /**
     * Also on the narrowest of phones. A code is not spoken as text, so it is looked at: with another last digit there
     * is another picture.
     */
    @Test
    fun `each code is seen to its last digit`() {
        val last = AccountsState::withLastDigit
        for (state in listOf(Samples.accounts, Samples.selecting)) {
            assertFalse(picture(last(state, '1')).contentEquals(picture(last(state, '8'))))
        }
        val added = Samples.all.getValue("added-code") as AddState.Added
        fun with(digit: Char) = added.copy(code = added.code?.run { copy(current = current.withLastDigit(digit)) })
        assertFalse(picture(with('1')).contentEquals(picture(with('8'))))
    }

    @Test
    fun `each group of a recovery code has a line to itself`() {
        scene(Samples.all.getValue("first-recovery"), HEIGHT) { scene ->
            val groups = scene.nodes().filter { node -> Samples.recovery.any { oneByOne(it.text) in spoken(node) } }
            assertEquals(Samples.recovery.size, groups.map { it.positionInRoot.y }.distinct().size)
        }
    }

    @Test
    fun `the button to add lies over no other`() = scene(Samples.interrupted, height = 820) { scene ->
        val add = scene.nodes().single { "Add account" in spoken(it) }
        val close = scene.nodes().single { "Close" in spoken(it) }
        assertFalse(add.boundsInRoot.overlaps(close.boundsInRoot))
    }

    private fun spoken(node: SemanticsNode): String = with(node.config) {
        (getOrNull(SemanticsProperties.ContentDescription).orEmpty() +
            getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }).joinToString(" ")
    }

    private fun ImageComposeScene.nodes() =
        semanticsOwners.flatMap { it.getAllSemanticsNodes(mergingEnabled = false) }

    private fun picture(state: ScreenState) = scene(state, height = 2_000, width = 320) { scene ->
        checkNotNull(scene.render(2_500_000_000L).encodeToData()).bytes
    }

    private fun <T> scene(state: ScreenState, height: Int, width: Int = 411, look: (ImageComposeScene) -> T): T =
        ImageComposeScene(width, height, Density(1f, 2f)) { Shown(state) }.use { scene ->
            for (frame in 0..4) scene.render(frame * 500_000_000L)
            look(scene)
        }

    /** Null where there is no text, or one that moves in its field. */
    private fun SemanticsNode.layout(): TextLayoutResult? {
        if (config.getOrNull(SemanticsProperties.EditableText) != null) return null
        val layouts = mutableListOf<TextLayoutResult>()
        config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(layouts)
        return layouts.firstOrNull()
    }

    private fun SemanticsNode.isCut() = boundsInRoot.height < size.height - 1

    private fun TextLayoutResult.isShortened() = multiParagraph.didExceedMaxLines ||
        getLineBottom(lineCount - 1) > size.height + 1 ||
        (0 until lineCount).any { isLineEllipsized(it) || getLineRight(it) - getLineLeft(it) > size.width + 1 }

    /** What goes on within a word in the next line; an address may be broken anywhere. */
    private fun TextLayoutResult.brokenWord(): String? {
        val text = layoutInput.text.text
        val ends = (0 until lineCount - 1).map(::getLineEnd)
        return ends.filter { text[it - 1].isLatin() && text[it].isLatin() }.map { end ->
            text.take(end).takeLastWhile { !it.isWhitespace() } + text.drop(end).takeWhile { !it.isWhitespace() }
        }.firstOrNull { word -> word.all { it.isLatin() } }
    }

    private fun Char.isLatin() = this in 'a'..'z' || this in 'A'..'Z'

    private companion object {
        const val HEIGHT = 8_000
    }
}

private fun AccountsState.withLastDigit(digit: Char): AccountsState = copy(
    codes = codes + ("id0" to (codes.getValue("id0") as RowCode.Timed).run {
        copy(code = code.copy(current = code.current.withLastDigit(digit)))
    }),
)

private fun Hidden.withLastDigit(digit: Char) = Hidden(text.dropLast(1) + digit)
