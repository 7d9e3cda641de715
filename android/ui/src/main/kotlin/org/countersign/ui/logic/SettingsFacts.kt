package org.countersign.ui.logic

import org.countersign.core.HostFacts
import org.countersign.core.Shelf
import org.countersign.core.Way as CoreWay
import org.countersign.ui.screens.About
import org.countersign.ui.screens.AccountClock
import org.countersign.ui.screens.BackgroundChecks as BackgroundFacts
import org.countersign.ui.screens.Clock
import org.countersign.ui.screens.DeviceNeed
import org.countersign.ui.screens.SettingsPage
import org.countersign.ui.screens.SettingsState

/** The settings as they are now, at [page]. */
internal fun read(
    session: Session,
    addresses: PushAddresses,
    navigator: Navigator,
    page: SettingsPage,
): SettingsState {
    val platform = session.platform
    val choices = Choices(platform.preferences)
    return SettingsState(
        ways = session.core.ways().map(CoreWay::shown).toSet(),
        deviceLockOffered = platform.deviceLock.offered(),
        grace = choices.grace,
        blockScreenshots = choices.blockScreenshots,
        hideCodes = choices.hideCodes,
        background = BackgroundFacts(choices.background, platform.background.findings()),
        pushes = addresses.facts(),
        namesInNotifications = choices.namesInNotifications,
        language = navigator.language,
        clock = session.clock(),
        about = About(platform.device.app),
        page = page,
    )
}

private fun Session.clock() = Clock(platform.device.automaticClock(), core.clockOffset(now())?.let { -it })

/** How this device's clock stands to each server's. */
internal fun Session.clocks(): SettingsPage.Clocks = SettingsPage.Clocks(
    core.clocks(now()).map { clock ->
        val account = core.summary(clock.account, now())
        AccountClock(
            clock.account, account.issuer, account.name, clock.origin, -clock.offset, clock.measuredAt,
            used = clock.usedForCodes, hasCodes = clock.codes.isNotEmpty(),
        )
    },
)

/**
 * What a self-test can't see by itself. Where no checks in the background are wanted, nothing that they need is missing.
 */
internal fun Session.hostFacts(): HostFacts {
    val isMet = platform.background.findings().associate { it.what to it.ok }
    val wanted = Choices(platform.preferences).looksInBackground
    fun has(vararg needs: DeviceNeed) =
        needs.mapNotNull(isMet::get).takeIf { wanted && it.isNotEmpty() }?.all { it }
    return HostFacts(
        online = isMet[DeviceNeed.Network],
        notifications = has(DeviceNeed.Notifications),
        background = has(DeviceNeed.Battery, DeviceNeed.BackgroundData),
    )
}

/** What helps to find a fault: no secrets and no names. */
internal fun Session.report(): String {
    val accounts = core.accounts(Shelf.IN_USE, now())
    val choices = Choices(platform.preferences)
    val backups = core.backupState(now())
    val days = backups.last?.let { (now().wall - it.at) / 86_400 }
    val failures = lately.failures().joinToString { "${it.reason.name} ${now().wall - it.at} s ago" }
    return report(
        platform.device,
        "accounts: ${accounts.size}, with codes ${accounts.count { it.codes }}, " +
            "with approvals ${accounts.count { it.approvals }}",
        "in the trash: ${core.accounts(Shelf.TRASH, now()).size}",
        "last backup: ${days?.let { "$it days ago" } ?: "none"}, not in it: ${backups.missing}, " +
            "after each change: ${backups.place?.isAutomatic == true}",
        "ways in: ${core.ways().joinToString { it.name.lowercase() }}",
        "damaged: ${core.verify(now()).size}",
        "unfinished: ${core.unfinished(now()).size}",
        "clock: ${clock().reported()}",
        "last failures: ${failures.ifEmpty { "none" }}",
        "lock after: ${choices.grace.name}, background checks: ${choices.background}",
        "pushes: ${PushRecord(platform.preferences).standing?.name ?: "off"}",
        *platform.background.findings().map { "${it.what.name}: ${if (it.ok) "ok" else "missing"}" }.toTypedArray(),
    )
}

internal fun report(device: Device, vararg lines: String): String =
    (listOf("Countersign ${device.app} (${device.kind})", device.system) + lines).joinToString("\n")

private fun Clock.reported(): String {
    val set = when (automatic) {
        true -> "set automatically"
        false -> "set by hand"
        null -> "unknown how it is set"
    }
    val stands = when (val offset = offsetSeconds) {
        null -> "no server has told the time"
        in Long.MIN_VALUE..-1 -> "${-offset} s behind the servers"
        else -> "$offset s ahead of the servers"
    }
    return "$set, $stands"
}
