package org.countersign.ui.screens

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.Line
import org.countersign.ui.parts.LinkRow
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.QuietButton
import org.countersign.ui.parts.Refusal
import org.countersign.ui.parts.WaitingPage
import org.countersign.ui.parts.spoken
import org.countersign.ui.words.words

@Composable
internal fun AddScreen(state: AddState, onEvent: (AppEvent) -> Unit) {
    when (state) {
        AddState.ChooseKind -> ChooseKind(onEvent)
        is AddState.ChooseWay -> ChooseWay(state, onEvent)
        is AddState.Scan -> ScanPage(state, onEvent)
        is AddState.CameraRefused -> CameraRefused(state, onEvent)
        is AddState.Paste -> PastePage(state, onEvent)
        is AddState.TypeIn -> TypeInPage(state, onEvent)
        is AddState.ChooseFound -> ChooseFound(state, onEvent)
        is AddState.Confirm -> ConfirmPage(state.found, onEvent)
        is AddState.CantAdd -> CantAdd(state, onEvent)
        is AddState.Trust -> TrustPage(state, onEvent)
        is AddState.Client -> ClientPage(state, onEvent)
        is AddState.Organisation -> OrganisationPage(state, onEvent)
        AddState.Working -> WaitingPage(words("add.working"))
        is AddState.Added -> AddedPage(state, onEvent)
        AddState.OrganisationStored -> OrganisationStored(onEvent)
        is AddState.Failed -> FailedPage(state, onEvent)
    }
}

@Composable
private fun ChooseKind(onEvent: (AppEvent) -> Unit) {
    Page(words("add.title"), { onEvent(AppEvent.Back) }) {
        Headline(words("add.kind.title"))
        Choice(Icons.Briefcase, words("add.kind.work"), words("add.kind.work.detail")) {
            onEvent(AddEvent.KindChosen(AddKind.WorkOrSchool))
        }
        Choice(Icons.Person, words("add.kind.other"), words("add.kind.other.detail")) {
            onEvent(AddEvent.KindChosen(AddKind.Other))
        }
        Choice(Icons.Import, words("add.kind.import"), words("add.kind.import.detail")) {
            onEvent(AddEvent.FromAnotherApp)
        }
    }
}

@Composable
private fun Choice(icon: ImageVector, title: String, detail: String?, onTap: () -> Unit) {
    Card { LinkRow(title, detail, icon, onTap = onTap) }
}

@Composable
private fun ChooseWay(state: AddState.ChooseWay, onEvent: (AppEvent) -> Unit) {
    val work = state.kind == AddKind.WorkOrSchool
    Page(words(if (work) "add.kind.work" else "add.kind.other"), { onEvent(AppEvent.Back) }) {
        Body(words(if (work) "add.way.work" else "add.way.other"))
        Card {
            Column {
                if (state.camera) {
                    LinkRow(words("add.way.scan"), null, Icons.Qr, onTap = { onEvent(AddEvent.ScanWithCamera) })
                    Line()
                }
                LinkRow(
                    words("add.way.picture"), words("add.way.picture.detail"), Icons.Picture,
                    onTap = { onEvent(AddEvent.FromPicture) },
                )
                Line()
                LinkRow(
                    words("add.way.paste"), words("add.way.paste.detail"), Icons.Paste,
                    onTap = { onEvent(AddEvent.PasteLink) },
                )
                Line()
                LinkRow(
                    words("add.way.type"), words("add.way.type.detail"), Icons.Keyboard,
                    onTap = { onEvent(AddEvent.TypeItIn) },
                )
            }
        }
        if (work) Hint(words("add.way.microsoft"))
    }
}

@Composable
private fun CameraRefused(state: AddState.CameraRefused, onEvent: (AppEvent) -> Unit) {
    Page(
        words("add.scan.title"), { onEvent(AppEvent.Back) },
        foot = {
            if (state.settings) MainButton(words("add.camera.settings"), { onEvent(AddEvent.OpenSystemSettings) })
            else MainButton(words("add.camera.ask"), { onEvent(AddEvent.ScanWithCamera) })
            QuietButton(words("add.another_way"), { onEvent(AddEvent.AnotherWay) }, Modifier.fillMaxWidth())
        },
    ) { Refusal(words("add.camera.refused"), words("add.camera.refused.next")) }
}

@Composable
private fun ChooseFound(state: AddState.ChooseFound, onEvent: (AppEvent) -> Unit) {
    Page(words("add.found.title"), { onEvent(AppEvent.Back) }) {
        Body(words("add.found.several"))
        for (found in state.found) {
            Choice(if (found.approvals) Icons.Bell else Icons.Key, found.issuer.ifBlank { found.name }, found.name) {
                onEvent(AddEvent.FoundChosen(found.key))
            }
        }
    }
}

@Composable
private fun CantAdd(state: AddState.CantAdd, onEvent: (AppEvent) -> Unit) {
    Page(
        words("add.cant.title"), { onEvent(AppEvent.Back) },
        foot = {
            val again = { onEvent(AddEvent.AnotherWay) }
            if (state.isExport) {
                MainButton(words("import.title"), { onEvent(AddEvent.FromAnotherApp) })
                OtherButton(words("add.another_code"), again)
            } else {
                MainButton(words("add.another_code"), again)
            }
        },
    ) {
        Refusal(state.reason)
        if (state.foreignHost != null) Body(words("add.cant.host", "host" to breaking(state.foreignHost)))
    }
}

@Composable
private fun OrganisationStored(onEvent: (AppEvent) -> Unit) {
    Page(title = null, foot = { MainButton(words("add.organisation.scan"), { onEvent(AddEvent.AnotherWay) }) }) {
        Headline(words("add.organisation.stored"), Modifier.spoken())
        Body(words("add.organisation.stored.body"))
    }
}

@Composable
private fun FailedPage(state: AddState.Failed, onEvent: (AppEvent) -> Unit) {
    Page(
        words(if (state.unknown) "add.unknown.title" else "add.failed.title"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("add.another_code"), { onEvent(AddEvent.AnotherWay) }) },
    ) { Refusal(state.reason) }
}
