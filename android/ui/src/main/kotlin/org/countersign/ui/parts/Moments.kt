package org.countersign.ui.parts

import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.countersign.ui.words.Words

/** Day and time of a moment in seconds since 1970 UTC, as the language writes it. */
internal fun Words.dayAndTime(moment: Long, zone: ZoneId = ZoneId.systemDefault()): String =
    DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT).withLocale(locale)
        .format(Instant.ofEpochSecond(moment).atZone(zone))

internal fun Words.day(moment: Long, zone: ZoneId = ZoneId.systemDefault()): String =
    DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale)
        .format(Instant.ofEpochSecond(moment).atZone(zone))

internal fun Words.timeOfDay(moment: Long, zone: ZoneId = ZoneId.systemDefault()): String =
    DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT).withLocale(locale)
        .format(Instant.ofEpochSecond(moment).atZone(zone))
