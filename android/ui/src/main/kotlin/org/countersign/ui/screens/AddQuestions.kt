package org.countersign.ui.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import org.countersign.ui.parts.Body
import org.countersign.ui.parts.Card
import org.countersign.ui.parts.Headline
import org.countersign.ui.parts.Hint
import org.countersign.ui.parts.Icons
import org.countersign.ui.parts.LineField
import org.countersign.ui.parts.MainButton
import org.countersign.ui.parts.OtherButton
import org.countersign.ui.parts.Page
import org.countersign.ui.parts.PasswordField
import org.countersign.ui.parts.Refusal
import org.countersign.ui.words.words

/** What was found, before it is added. */
@Composable
internal fun ConfirmPage(found: Found, onEvent: (AppEvent) -> Unit) {
    Page(
        words("add.found.title"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("add.found.add"), { onEvent(AddEvent.AddFound) }) },
    ) {
        Card {
            Column(Modifier.fillMaxWidth().padding(20.dp), Arrangement.spacedBy(6.dp)) {
                Text(found.issuer.ifBlank { words("add.found.no_issuer") }, style = MaterialTheme.typography.titleLarge)
                if (found.name.isNotBlank()) Body(found.name)
            }
        }
        Body(words(if (found.approvals) "add.found.approvals" else "add.found.codes"))
        Oddities(found.odd)
    }
}

/** What was odd in the code, for those who want to know. */
@Composable
internal fun Oddities(odd: List<String>) {
    for (name in odd) Text(
        words("odd.$name"), color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodySmall,
    )
}

/** Nothing has been sent yet: the address is compared by the person. */
@Composable
internal fun TrustPage(state: AddState.Trust, onEvent: (AppEvent) -> Unit) {
    Page(
        words("trust.title"), { onEvent(AppEvent.Back) },
        foot = {
            MainButton(words("trust.yes"), { onEvent(AddEvent.TrustAnswered(true)) })
            OtherButton(words("trust.no"), { onEvent(AddEvent.TrustAnswered(false)) }, danger = true)
        },
    ) {
        Body(words("trust.body"))
        ServerCard(state.server, state.system)
        if (!state.organisation.isNullOrBlank()) Body(words("trust.says", "organisation" to state.organisation))
        Hint(words("trust.compare"))
    }
}

/** The address, its host apart: that is what to compare. */
@Composable
private fun ServerCard(server: Server, system: String? = null) {
    val colours = MaterialTheme.colorScheme
    Card {
        Row(Modifier.padding(20.dp), Arrangement.spacedBy(16.dp), Alignment.Top) {
            Icon(Icons.Server, contentDescription = null, Modifier.size(24.dp), colours.primary)
            Column(Modifier.weight(1f), Arrangement.spacedBy(6.dp)) {
                Text(breaking(server.host), fontWeight = FontWeight.Medium, style = MaterialTheme.typography.titleLarge)
                Text(server.text, color = colours.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                if (system != null) {
                    Text(system, color = colours.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                }
            }
        }
    }
}

@Composable
internal fun ClientPage(state: AddState.Client, onEvent: (AppEvent) -> Unit) {
    var id by rememberSaveable { mutableStateOf(state.id.orEmpty()) }
    val secret = remember(state.refused) { TextFieldState() }
    val take = { onEvent(AddEvent.ClientTyped(id.trim(), Typed(secret.text))) }
    Page(
        words("client.title"), { onEvent(AppEvent.Back) },
        foot = { MainButton(words("common.next"), take, id.isNotBlank() && secret.text.isNotEmpty()) },
    ) {
        Body(words("client.body"))
        ServerCard(state.server)
        if (state.id == null) LineField(id, { id = it }, words("client.id"))
        PasswordField(secret, words("client.secret"), wrong = state.refused)
        if (state.refused) Refusal(ReasonName("client_refused"))
    }
}

@Composable
internal fun OrganisationPage(state: AddState.Organisation, onEvent: (AppEvent) -> Unit) {
    Page(
        words("add.organisation.title"), { onEvent(AppEvent.Back) },
        foot = {
            val yes = words(if (state.replaces) "add.organisation.replace" else "add.organisation.store")
            MainButton(yes, { onEvent(AddEvent.StoreOrganisation) })
        },
    ) {
        Headline(state.name ?: breaking(state.server.host))
        Body(words("add.organisation.body"))
        ServerCard(state.server)
        if (state.replaces) Refusal(ReasonName("organisation_exists"))
        Hint(words("trust.compare"))
    }
}
