import CountersignKit
import SwiftUI

#if canImport(UniformTypeIdentifiers)
    import UniformTypeIdentifiers

    /// A file on its way to where the person wants it.
    private struct FileToSave: FileDocument {
        static let readableContentTypes: [UTType] = [.data]
        let content: Data

        init(_ content: Data) { self.content = content }

        init(configuration: ReadConfiguration) throws {
            content = configuration.file.regularFileContents ?? Data()
        }

        func fileWrapper(configuration: WriteConfiguration) -> FileWrapper {
            FileWrapper(regularFileWithContents: content)
        }
    }
#endif

// The system's own pages for files. On Linux there are none: a test hands the files over itself.
extension View {
    /// Lets the person choose files of any kind: which app they are of is seen by their content.
    func picksFiles(_ isShown: Binding<Bool>, _ picked: @escaping @MainActor ([PickedFile]) async -> Void) -> some View
    {
        #if canImport(UniformTypeIdentifiers)
            return fileImporter(isPresented: isShown, allowedContentTypes: [.item], allowsMultipleSelection: true) {
                guard let files = try? $0.get() else { return }
                Task { await picked(files.map(PickedFile.init)) }
            }
        #else
            return self
        #endif
    }

    /// Lets the person choose a folder.
    func picksFolder(_ isShown: Binding<Bool>, _ picked: @escaping @MainActor (URL) async -> Void) -> some View {
        #if canImport(UniformTypeIdentifiers)
            return fileImporter(isPresented: isShown, allowedContentTypes: [.folder]) {
                guard let folder = try? $0.get() else { return }
                Task { await picked(folder) }
            }
        #else
            return self
        #endif
    }

    /// Lets the person choose where a file goes: where it is then, or nothing where it is nowhere.
    func savesFile(
        _ isShown: Binding<Bool>, name: String, content: Data?, _ saved: @escaping @MainActor (URL?) async -> Void
    ) -> some View {
        #if canImport(UniformTypeIdentifiers)
            return fileExporter(
                isPresented: isShown, document: content.map(FileToSave.init), contentType: .data, defaultFilename: name
            ) { result in
                Task { await saved(try? result.get()) }
            }
        #else
            return self
        #endif
    }
}
