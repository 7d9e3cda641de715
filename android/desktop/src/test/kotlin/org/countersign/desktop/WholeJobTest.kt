package org.countersign.desktop

import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import org.countersign.core.Browser
import org.countersign.core.PracticeSite
import org.countersign.ui.logic.App
import org.countersign.ui.screens.FirstRunState
import org.junit.jupiter.api.io.TempDir

/** The whole job, click by click, with the real presenters, the real core and the real practice site. */
class WholeJobTest {
    @TempDir lateinit var folder: Path

    @Test
    fun `from the first run to a page that is signed in`() = PracticeSite().use { site ->
        val browser = Browser(site.base).signIn("alice")
        val link = browser.setUp()
        val lock = StandInLock(folder)
        val app = appIn(folder, lock, leave = {})
        inTheWindow(app, lock) {
            makesAVault(app)

            presses("first_run.ready.add")
            presses("add.kind.work")
            presses("add.way.paste")
            types(link, word("add.paste.label"))
            presses("common.next")
            sees("trust.title")
            reads("${site.base}/realms/practice")
            presses("trust.yes")
            sees("added.title")

            browser.tryOut()
            presses("added.look")
            sees("request.enter_number")
            // Not the number that is shown: no server offers one of three digits.
            types("100")
            presses("request.yes")
            sees("request.missed")
            types(browser.number())
            presses("request.yes")
            confirms()
            sees("request.approved")
            assertEquals("Authenticator added", browser.get("/setup/try").title())
            presses("common.done")

            // The next sign-in, with the account as it is now.
            val again = Browser(site.base).signIn("alice")
            pressesIcon("common.more")
            presses("accounts.look")
            types(again.number())
            presses("request.yes")
            confirms()
            sees("request.approved")
        }
    }

    private fun Person.makesAVault(app: App) {
        presses("first_run.begin")
        presses("first_run.lock.password")
        types("correct horse battery staple", word("password.new"))
        types("correct horse battery staple", word("password.again"))
        presses("password.use")
        sees("recovery.title")
        val paper = assertIs<FirstRunState.WriteDown>(app.state.value?.screen).groups
        presses("recovery.written")
        sees("recovery.check.title")
        val asked = assertIs<FirstRunState.CheckGroup>(app.state.value?.screen).group
        types(paper[asked - 1].text)
        presses("recovery.check.do")
        sees("first_run.backup.title")
        presses("first_run.ready.later")
        sees("first_run.ready.title")
    }
}
