import Countersign
import Foundation

extension PickedFile {
    /// Its content is overwritten when the core has read it.
    func open(asBackup: Bool) throws -> OpenedImport {
        var content = try read()
        defer { content.wipe() }
        guard !asBackup || isBackup(file: content) else { throw Trouble.reason(.notABackup) }
        return try openImport(file: content)
    }
}

extension ImportUnlocking {
    /// How far the opening is, up to its end. It works on a thread of its own, which is left when nobody reads on: a
    /// derivation in slices ends with its slice, another one with itself.
    func steps() -> AsyncThrowingStream<UnlockProgress, any Error> {
        AsyncThrowingStream { reader in
            Thread.detachNewThread {
                do {
                    while true {
                        let step = try self.step()
                        if case .terminated = reader.yield(step) { return }
                        if case .done = step { return reader.finish() }
                    }
                } catch {
                    reader.finish(throwing: error)
                }
            }
        }
    }
}
