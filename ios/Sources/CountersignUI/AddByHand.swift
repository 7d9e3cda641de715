import Countersign
import CountersignKit
import SwiftUI

#if canImport(PhotosUI)
    import PhotosUI
#endif

/// The camera, or what to do without it.
struct ScanView: View {
    let permission: CameraPermission
    let model: AddModel
    let app: OpenApp
    let words: Words

    var body: some View {
        Page(words("add.scan.title")) {
            switch permission {
            case .allowed:
                Text(words("add.scan.body"))
                #if canImport(UIKit) && canImport(AVFoundation)
                    CameraPreview(camera: app.phone.platform.camera).frame(height: 320)
                #endif
            case .notAsked:
                MainButton(words("add.camera.ask")) { await model.handle(.askForCamera) }
            case .refused:
                Text(words("add.camera.refused")).font(.headline)
                Text(words("add.camera.refused.next"))
                SystemSettingsLink(words("add.camera.settings"))
            }
            ActionButton(words("add.another_way")) { await model.handle(.again) }
        }
        .task {
            guard permission == .allowed else { return }
            for await frame in app.phone.platform.camera.frames() { await model.handle(.frame(frame)) }
        }
    }
}

/// A screenshot or a photograph of the code.
struct PicturePage: View {
    let model: AddModel
    let words: Words
    #if canImport(PhotosUI)
        @State private var picked: PhotosPickerItem?
    #endif

    var body: some View {
        Page(words("add.way.picture")) {
            Text(words("add.way.picture.detail"))
            #if canImport(PhotosUI)
                PhotosPicker(words("add.way.picture"), selection: $picked, matching: .images)
                    .onChange(of: picked) { _, item in
                        Task {
                            guard let file = try? await item?.loadTransferable(type: Data.self) else { return }
                            await model.handle(.picture(PickedContent(file)))
                        }
                    }
            #endif
            TroubleView(trouble: model.state.trouble, words: words)
            ActionButton(words("add.another_way")) { await model.handle(.again) }
        }
    }
}

/// A link that was copied on this phone.
struct PasteView: View {
    let model: AddModel
    let app: OpenApp
    let words: Words
    @State private var text = ""

    var body: some View {
        Page(words("add.paste.title")) {
            Text(words("add.paste.body"))
            MainButton(words("add.paste.clipboard")) {
                if let copied = await app.phone.platform.clipboard.text() {
                    await model.handle(.text(PickedContent(copied)))
                }
            }
            TextField(words("add.paste.label"), text: $text).literal()
            ActionButton(words("common.next")) {
                await model.handle(.text(PickedContent(text)))
                text = ""
            }
            TroubleView(trouble: model.state.trouble, words: words)
        }
    }
}

/// Names and key, as the page shows them.
struct TypeView: View {
    let model: AddModel
    let words: Words
    @State private var account = TypedAccount()
    @State private var showsMore = false

    var body: some View {
        Page(words("add.way.type")) {
            Text(words("add.type.body"))
            field("account.issuer", $account.issuer, "add.type.issuer.hint")
            field("account.name", $account.name, "add.type.name.hint")
            field("add.type.secret", $account.secret, "add.type.secret.hint")
            ActionButton(words(showsMore ? "add.type.less" : "add.type.more")) { showsMore.toggle() }
            if showsMore { more }
            TroubleView(trouble: model.state.trouble, words: words)
            MainButton(words("common.next")) {
                await model.handle(.typed(account))
                account.secret = ""
            }
            .disabled(account.secret.isEmpty)
        }
    }

    private func field(_ label: String, _ text: Binding<String>, _ hint: String) -> some View {
        VStack(alignment: .leading) {
            TextField(words(label), text: text).literal()
            Text(words(hint)).font(.footnote).foregroundStyle(.secondary)
        }
    }

    @ViewBuilder private var more: some View {
        Toggle(words("add.type.counter"), isOn: $account.isCounter)
        Text(words("add.type.counter.detail")).font(.footnote).foregroundStyle(.secondary)
        Picker(words("codes.digits"), selection: $account.digits) {
            ForEach([6, 7, 8], id: \.self) { Text(String($0)).tag($0) }
        }
        Picker(words("codes.period"), selection: $account.period) {
            ForEach([30, 60], id: \.self) { Text(String($0)).tag($0) }
        }
        Picker(words("codes.algorithm"), selection: $account.algorithm) {
            Text("SHA-1").tag(CodeAlgorithm.sha1)
            Text("SHA-256").tag(CodeAlgorithm.sha256)
            Text("SHA-512").tag(CodeAlgorithm.sha512)
        }
    }
}
