import Countersign
import Foundation

/// Why a file or folder outside the app was not read, written or printed.
public enum FileTrouble: String, Sendable, CaseIterable {
    case unreadable, unwritable, folderGone, unprintable
}

/// A file that the person chose or another app handed over. It is read where it is needed, and kept nowhere.
public struct PickedFile: Sendable {
    private enum Source: Sendable {
        case file(URL)
        case content(PickedContent)
    }

    public let name: String
    private let source: Source
    /// The core says no to what is longer.
    private static let most = 64 << 20

    public init(_ url: URL) { (name, source) = (url.lastPathComponent, .file(url)) }

    /// What came without a file, such as a picture of the photo library.
    public init(name: String, content: PickedContent) { (self.name, source) = (name, .content(content)) }

    public init(name: String, content: Data) { self.init(name: name, content: PickedContent(content)) }

    /// Its content, which is the caller's to overwrite. What came without a file is there once only.
    func read() throws -> Data {
        switch source {
        case .content(let content):
            guard let content = content.take() else { throw Trouble.file(.unreadable) }
            return content
        case .file(let url):
            do {
                return try url.used {
                    try url.fetched {
                        let file = try FileHandle(forReadingFrom: $0)
                        defer { try? file.close() }
                        return try file.read(upToCount: Self.most + 1) ?? Data()
                    }
                }
            } catch {
                throw Trouble.file(.unreadable)
            }
        }
    }
}

/// Bytes that may hold secrets, with one holder. Of `Data` that several hold only a copy would be overwritten.
public final class PickedContent: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes: Data?

    /// Whoever gives them keeps none.
    public init(_ bytes: Data) { self.bytes = bytes }

    public convenience init(_ text: some StringProtocol) { self.init(Data(text.utf8)) }

    deinit { bytes?.wipe() }

    /// Gives them away, once.
    func take() -> Data? {
        lock.withLock {
            let taken = bytes
            bytes = nil
            return taken
        }
    }

    /// Looks at them without taking them.
    func look<T>(_ work: (Data) throws -> T) rethrows -> T { try work(lock.withLock { bytes } ?? Data()) }
}

/// Folders outside the app that the person has chosen.
public protocol ChosenFolders: Sendable {
    /// By what the app finds the folder again, also after a restart: the vault keeps it.
    func keep(_ folder: URL) throws -> String
    /// Works in the folder. Fails with `folderGone` where it is not there any more or may not be used.
    func use<T>(_ kept: String, _ work: (URL) throws -> T) throws -> T
}

public protocol PagePrinter: Sendable {
    /// Lets the person print a page (HTML); whether it went to a printer, or the person turned away. Fails with
    /// `unprintable`.
    func print(_ page: Data, title: String) async throws -> Bool
}

extension URL {
    /// What lies outside the app is used with the leave that the person gave by choosing it.
    func used<T>(_ work: () throws -> T) rethrows -> T {
        #if canImport(Darwin)
            let isOutside = startAccessingSecurityScopedResource()
            defer { if isOutside { stopAccessingSecurityScopedResource() } }
        #endif
        return try work()
    }

    /// A file that lies elsewhere is brought to this phone first.
    fileprivate func fetched<T>(_ work: (URL) throws -> T) throws -> T {
        #if canImport(Darwin)
            var result: Result<T, any Error>?
            NSFileCoordinator().coordinate(readingItemAt: self, error: nil) { url in result = Result { try work(url) } }
            guard let result else { throw Trouble.file(.unreadable) }
            return try result.get()
        #else
            return try work(self)
        #endif
    }
}
