#if canImport(UIKit)
    import Foundation

    /// Folders that the person has chosen, found again by bookmarks, which stay good when a folder is moved or renamed.
    public struct DeviceFolders: ChosenFolders {
        public init() {}

        public func keep(_ folder: URL) throws -> String {
            do {
                return try folder.used { try folder.bookmarkData(options: .minimalBookmark).base64EncodedString() }
            } catch {
                throw Trouble.file(.folderGone)
            }
        }

        public func use<T>(_ kept: String, _ work: (URL) throws -> T) throws -> T {
            var isStale = false
            guard let bookmark = Data(base64Encoded: kept),
                let folder = try? URL(resolvingBookmarkData: bookmark, bookmarkDataIsStale: &isStale)
            else { throw Trouble.file(.folderGone) }
            return try folder.used {
                // Whoever synchronises the folder sees none of it half done.
                var result: Result<T, any Error>?
                NSFileCoordinator().coordinate(writingItemAt: folder, error: nil) { folder in
                    result = Result { try work(folder) }
                }
                guard let result else { throw Trouble.file(.folderGone) }
                return try result.get()
            }
        }
    }
#endif
