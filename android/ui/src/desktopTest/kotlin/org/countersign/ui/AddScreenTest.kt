package org.countersign.ui

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.onNodeWithText
import kotlin.test.Test
import kotlin.test.assertEquals
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddKind
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.Found
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.TypedAccount

@OptIn(ExperimentalTestApi::class)
class AddScreenTest {
    @Test
    fun `a link is pasted, looked at, trusted, and tried out`() = onScreen(
        AddState.ChooseKind,
        {
            when (it) {
                is AddEvent.KindChosen -> AddState.ChooseWay(it.kind)
                AddEvent.PasteLink -> AddState.Paste()
                is AddEvent.Pasted -> AddState.Confirm(Found("1", "Contoso", "alice", approvals = true))
                AddEvent.AddFound -> AddState.Trust(Samples.server, "Contoso", "Keycloak (Push MFA)")
                is AddEvent.TrustAnswered -> AddState.Added("id", "Contoso", "alice", approvals = true)
                else -> null
            }
        },
    ) {
        tap("add.kind.work")
        reads(word("add.way.microsoft"))
        tap("add.way.paste")
        onNodeWithText(word("common.next")).assertIsNotEnabled()
        type("otpauth://totp/a?secret=MFRGG")
        tap("common.next")
        assertEquals(listOf(AddEvent.Pasted(Typed("otpauth://totp/a?secret=MFRGG"))), all<AddEvent.Pasted>())
        tap("add.found.add")
        reads("https://login.contoso.example/realms/staff")
        reads("Anyone can write that")
        tap("trust.yes")
        reads(word("added.try"))
        tap("added.look")
        assertEquals(listOf(AddKind.WorkOrSchool), all<AddEvent.KindChosen>().map { it.kind })
        assertEquals(1, all<AddEvent.TryRequest>().size)
    }

    @Test
    fun `where sign-ins are scanned nothing offers to look for them`() {
        onScreen(Samples.all.getValue("added-scanned")) {
            reads(word("added.try.scan"))
            onNodeWithText(word("added.look")).assertDoesNotExist()
            tap("common.done")
            assertEquals(1, all<AddEvent.Done>().size)
        }
        onLongScreen(Samples.scanned) {
            reads(word("account.scanned.detail"))
            for (key in listOf("account.label", "account.renew_key", "account.lock_out")) {
                onNodeWithText(word(key)).assertDoesNotExist()
            }
        }
    }

    @Test
    fun `an account is typed in as it is`() = onScreen(AddState.TypeIn()) {
        type("Fabrikam", "account.issuer")
        type("alice", "account.name")
        type("mfrg gzdf", "add.type.secret")
        tap("add.type.more")
        tap("add.type.counter")
        tap("common.next")
        val typed = TypedAccount("Fabrikam", "alice", Typed("mfrg gzdf"), counter = true)
        assertEquals(listOf(AddEvent.TypedIn(typed)), all<AddEvent.TypedIn>())
    }

    @Test
    fun `each refusal has its next step`() {
        onScreen(AddState.CameraRefused(settings = true)) {
            tap("add.camera.settings")
            tap("add.another_way")
            assertEquals(listOf(AddEvent.OpenSystemSettings, AddEvent.AnotherWay), all<AddEvent>())
        }
        onScreen(AddState.CantAdd(ReasonName("microsoft_push"), "evil.example")) {
            reads("I want to use a different authenticator app")
            // A line may end after the dot, and nowhere else.
            reads("evil.\u200Bexample")
            tap("add.another_code")
            assertEquals(listOf<AddEvent>(AddEvent.AnotherWay), all<AddEvent>())
        }
        onScreen(AddState.Failed(ReasonName("setup_used"))) { reads("used already") }
    }

    @Test
    fun `the code of a new account can be copied for the page`() = onScreen(Samples.all.getValue("added-code")) {
        val card = hasContentDescription("Code 6 0 1 2 6 9", substring = true)
        onNode(card).assertExists()
        runOnIdle { onNode(card).fetchSemanticsNode().config[SemanticsActions.OnClick].action?.invoke() }
        assertEquals(1, all<AddEvent.CopyCode>().size)
    }
}
