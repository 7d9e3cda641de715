package org.countersign.ui.parts

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Snackbar
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.ButtonDefaults
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalAccessibilityManager
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.delay

/**
 * Says [text] at the bottom of the screen for a while, longer with an action and for people whose system asks for more
 * time; then [onGone]. [key] tells one message from the next of the same text.
 */
@Composable
internal fun Message(key: Any, text: String, onGone: () -> Unit, action: String? = null, onAction: () -> Unit = {}) {
    val gone by rememberUpdatedState(onGone)
    val access = LocalAccessibilityManager.current
    LaunchedEffect(key) {
        val usual = if (action == null) 4_000L else 10_000L
        val wanted = access?.calculateRecommendedTimeoutMillis(
            usual, containsIcons = false, containsText = true, containsControls = action != null,
        )
        delay(wanted ?: usual)
        gone()
    }
    Snackbar(
        Modifier.padding(12.dp).spoken(),
        action = action?.let { { SnackbarButton(it, onAction) } },
        actionOnNewLine = text.length > 60,
    ) { Text(text) }
}

@Composable
private fun SnackbarButton(text: String, onTap: () -> Unit) {
    val looks = ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.inversePrimary)
    TextButton(onTap, colors = looks) { Text(text) }
}
