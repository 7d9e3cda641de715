package org.countersign.core

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** The same files as the tests in Rust read. */
class VectorsTest : NewVaultTest() {
    @Test
    fun `RFC 4226`() {
        val file = vectors("rfc4226.json")
        val text = "otpauth://hotp/a?secret=${file.text("secret")}&digits=${file.text("digits")}&counter=0"
        val account = core.add(recognise(direct(text)), now()).id
        val codes = file.getValue("codes").jsonArray.map { it.jsonObject.text("code") }
        assertEquals(codes, codes.map { core.useCounter(account, now()) })
    }

    @Test
    fun `RFC 6238`() {
        val file = vectors("rfc6238.json")
        val accounts = file.getValue("secrets").jsonObject.mapValues { (algorithm, secret) ->
            val parameters = "secret=${secret.jsonPrimitive.content}&algorithm=$algorithm" +
                "&digits=${file.text("digits")}&period=${file.text("period")}"
            core.add(recognise(direct("otpauth://totp/$algorithm?$parameters")), now()).id
        }
        for (vector in file.getValue("codes").jsonArray.map { it.jsonObject }) {
            val account = accounts.getValue(vector.text("algorithm"))
            val wall = vector.getValue("time").jsonPrimitive.long
            assertEquals(vector.text("code"), core.codes(listOf(account), now(wall)).single()?.current)
        }
    }

    @Test
    fun otpauth() {
        for (vector in vectors("otpauth.json").getValue("links").jsonArray.map { it.jsonObject }) {
            fun optional(name: String) = vector.getValue(name).jsonPrimitive.contentOrNull
            val scanned = recognise(direct(vector.text("text")))
            val about = scanned.describe()
            val refusal = optional("refusal")?.let { Reason.valueOf(constantName(it)) }
            val read = listOf(about.kind, about.issuer, about.account, about.refusal)
            assertEquals(listOf(optional("kind"), optional("issuer"), optional("account"), refusal), read, "$vector")
            val odd = vector.getValue("odd").jsonArray.map { Odd.valueOf(constantName(it.jsonPrimitive.content)) }
            assertEquals(odd, about.odd, "$vector")
            if (refusal != null) assertRefused(refusal) { core.add(scanned, now()) }
        }
    }
}
