package org.countersign.ui.parts

/** `123 456`: in the middle for an even number of signs, else in threes; nothing below five. */
internal fun grouped(code: String): String = when {
    code.length < 5 -> code
    code.length % 2 == 0 && code.length <= 8 -> code.chunked(code.length / 2).joinToString(" ")
    else -> code.chunked(3).joinToString(" ")
}

/** `1 2 3 4 5 6`: each sign on its own, so that no voice reads one large number. */
internal fun oneByOne(code: String): String = code.filterNot(Char::isWhitespace).toList().joinToString(" ")
