package org.countersign.ui.theme

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.intl.LocaleList
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp
import org.countersign.ui.words.LocalWords
import org.countersign.ui.words.Words

/** The looks and the words around every screen. Sizes of text follow the system's setting. */
@Composable
fun CountersignTheme(
    words: Words,
    dark: Boolean = isSystemInDarkTheme(),
    fonts: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val type = remember(words.locale, fonts) { typography(fonts, LocaleList(words.locale.toLanguageTag())) }
    MaterialTheme(if (dark) DarkColours else LightColours, shapes = Corners, typography = type) {
        CompositionLocalProvider(LocalWords provides words, content = content)
    }
}

/** Codes: digits of one width, so that nothing moves when they change. */
internal val Typography.code: TextStyle
    get() = headlineLarge.copy(fontFeatureSettings = "tnum", letterSpacing = 0.03.em)

/** The number of a sign-in, and what is typed for it. */
internal val Typography.number: TextStyle
    get() = displayMedium.copy(fontFeatureSettings = "tnum", letterSpacing = 0.08.em, fontWeight = FontWeight.Medium)

private val Corners = Shapes(
    extraSmall = RoundedCornerShape(10.dp),
    small = RoundedCornerShape(10.dp),
    medium = RoundedCornerShape(14.dp),
    large = RoundedCornerShape(18.dp),
    extraLarge = RoundedCornerShape(24.dp),
)

/** The locale chooses the shapes of the Han characters. */
private fun typography(fonts: FontFamily, locales: LocaleList): Typography {
    fun TextStyle.ours() = copy(fontFamily = fonts, localeList = locales)
    return with(Typography()) {
        Typography(
            displayLarge.ours(), displayMedium.ours(), displaySmall.ours(),
            headlineLarge.ours(),
            headlineMedium.ours().copy(fontWeight = FontWeight.Medium),
            headlineSmall.ours().copy(fontWeight = FontWeight.Medium),
            titleLarge.ours().copy(fontWeight = FontWeight.Medium),
            titleMedium.ours().copy(letterSpacing = 0.sp),
            titleSmall.ours(),
            bodyLarge.ours().copy(letterSpacing = 0.01.em),
            bodyMedium.ours().copy(letterSpacing = 0.01.em),
            bodySmall.ours().copy(letterSpacing = 0.01.em),
            labelLarge.ours(), labelMedium.ours(), labelSmall.ours(),
        )
    }
}
