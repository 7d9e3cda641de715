import Foundation

/// The root of the repository.
public let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path

/// A helper process that is spoken with line by line. It ends with this object.
public final class Program: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    public init(_ command: [String]) {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input
        process.standardOutput = output
        do { try process.run() } catch { fatalError("\(command): \(error)") }
    }

    deinit { stop() }

    public func stop() {
        guard process.isRunning else { return }
        // A child begins with the signals blocked that its parent's thread blocks: only this one can't be.
        kill(process.processIdentifier, SIGKILL)
    }

    public func ask(_ line: String) -> String {
        input.fileHandleForWriting.write(Data((line + "\n").utf8))
        return readLine()
    }

    /// The next line that it writes; empty where it has ended.
    public func readLine() -> String {
        var line = Data()
        while let byte = try? output.fileHandleForReading.read(upToCount: 1), byte.first != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
