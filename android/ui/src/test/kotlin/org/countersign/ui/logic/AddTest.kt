package org.countersign.ui.logic

import java.nio.ByteBuffer
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.countersign.ui.screens.AccountEvent
import org.countersign.ui.screens.AccountDialog
import org.countersign.ui.screens.AccountState
import org.countersign.ui.screens.AccountsEvent
import org.countersign.ui.screens.AccountsState
import org.countersign.ui.screens.AddEvent
import org.countersign.ui.screens.AddKind
import org.countersign.ui.screens.AddState
import org.countersign.ui.screens.AppEvent
import org.countersign.ui.screens.HashOf
import org.countersign.ui.screens.ReasonName
import org.countersign.ui.screens.Typed
import org.countersign.ui.screens.TypedAccount

class AddTest : PhoneTest() {
    private fun Phone.to(way: AppEvent) = on(AccountsEvent.Add, AddEvent.KindChosen(AddKind.Other), way)

    @Test
    fun `a pasted link`() = ready {
        to(AddEvent.PasteLink)
        clipboard.text = "otpauth://totp/Example:alice?secret=$SECRET&issuer=Example"
        on(AddEvent.TakeClipboard)
        assertEquals("Example" to "alice", screen<AddState.Confirm>().found.let { it.issuer to it.name })
        assertFalse(SECRET in app.state.value.toString())
        on(AddEvent.AddFound)
        val added = screen<AddState.Added>()
        assertEquals(6, added.code?.current?.text?.length)
        on(AddEvent.CopyCode)
        assertEquals(added.code?.current?.text, clipboard.text)
        on(AddEvent.Done)
        assertEquals(1, screen<AccountsState>().rows.size)
    }

    @Test
    fun `the code to try is the one of now`() = ready {
        perform { opened(Typed("otpauth://totp/Example:alice?secret=$SECRET&issuer=Example")) }
        on(AddEvent.AddFound)
        fun code() = checkNotNull(screen<AddState.Added>().code)
        val first = code()
        pass(first.validUntil * 1_000 - clocks.wallMs() + 1)
        assertEquals(first.next to first.validUntil, code().let { it.current to it.validFrom })
        on(AddEvent.CopyCode)
        assertEquals(first.next.text, clipboard.text)
        // Where nobody sees it, nothing is made.
        perform { left() }
        val last = code()
        pass(29_999)
        assertEquals(last, code())
        perform { returned() }
        assertEquals(last.next, code().current)
    }

    @Test
    fun `the same again is said and not added`() = ready {
        val id = add("alice")
        perform { opened(Typed("otpauth://totp/Example:alice?secret=$SECRET&issuer=Example")) }
        on(AddEvent.AddFound)
        assertEquals(id to true, screen<AddState.Added>().let { it.id to it.already })
    }

    @Test
    fun `typed by hand`() = ready {
        to(AddEvent.TypeItIn)
        val account = TypedAccount("Ex & Co", "al ice", Typed("gezd gnbv gy3t qojq"), 8, 60, HashOf.Sha256)
        on(AddEvent.TypedIn(account.copy(secret = Typed("not base32!"))))
        assertEquals(ReasonName("secret_not_base32"), screen<AddState.TypeIn>().refusal)
        on(AddEvent.TypedIn(account))
        assertTrue(account.secret.chars.all { it == '\u0000' })
        assertEquals("Ex & Co" to "al ice", screen<AddState.Confirm>().found.let { it.issuer to it.name })
        on(AddEvent.AddFound, AddEvent.Done)
        on(AccountsEvent.Open(screen<AccountsState>().rows.single().id))
        val codes = screen<AccountState>().codes
        assertEquals(Triple(HashOf.Sha256, 8, 60 as Int?), Triple(codes?.algorithm, codes?.digits, codes?.period))
    }

    @Test
    fun `a code of another system is explained`() = ready {
        to(AddEvent.PasteLink)
        on(AddEvent.Pasted(Typed("phonefactor://activate_account?code=1&url=https%3A%2F%2Fmobile.example%2Fx")))
        assertEquals(AddState.CantAdd(ReasonName("microsoft_push"), "mobile.example"), screen<AddState.CantAdd>())
        on(AppEvent.Back)
        screen<AddState.ChooseWay>()
        on(AddEvent.PasteLink, AddEvent.Pasted(Typed("hello")))
        assertEquals(ReasonName("not_a_setup_code"), screen<AddState.Paste>().refusal)
    }

    @Test
    fun `a picture`() = ready {
        on(AccountsEvent.Open(add("alice")), AccountEvent.ShowSetupCode)
        val picture = (screen<AccountState>().dialog as AccountDialog.SetupCode).png
        on(AppEvent.Back, AppEvent.Back)
        pictures.chosen = picture.copyOf()
        to(AddEvent.FromPicture)
        assertEquals("alice", screen<AddState.Confirm>().found.name)
        pictures.chosen = "no picture".toByteArray()
        on(AppEvent.Back, AddEvent.FromPicture)
        assertEquals(ReasonName("not_a_picture"), screen<AddState.CantAdd>().reason)
        pictures.chosen = null
        on(AppEvent.Back, AddEvent.FromPicture)
        screen<AddState.ChooseWay>()
    }

    @Test
    fun `the camera`() = ready {
        pictures.camera = Pictures.Camera.RefusedForGood
        to(AddEvent.ScanWithCamera)
        assertTrue(screen<AddState.CameraRefused>().settings)
        on(AddEvent.OpenSystemSettings)
        assertTrue(pictures.settingsOpened)
        pictures.camera = Pictures.Camera.Granted
        on(AppEvent.Back, AddEvent.ScanWithCamera)
        perform { frame(ByteBuffer.allocateDirect(640 * 480), 640, 480, 640) }
        assertEquals(AddState.Scan(), screen<AddState.Scan>())
    }

    @Test
    fun organisations() = ready {
        val link = "countersign://organisation?issuer=https%3A%2F%2Flogin.example%2Fr&client_id=app&name=Example"
        perform { opened(Typed(link)) }
        assertEquals("login.example", screen<AddState.Organisation>().server.host)
        on(AddEvent.StoreOrganisation)
        screen<AddState.OrganisationStored>()
        perform { opened(Typed(link.replace("=app", "=other"))) }
        on(AddEvent.StoreOrganisation)
        assertTrue(screen<AddState.Organisation>().replaces)
        on(AddEvent.StoreOrganisation)
        screen<AddState.OrganisationStored>()
    }
}
