/// The small tiqr server of `tests/bindings`, with one user and one sign-in, by the codes that its pages would show.
public final class TiqrServer: Sendable {
    public let setUp: String
    public let signIn: String
    private let program = Program(["python3", repository + "/tests/bindings/tiqr.py"])

    public init() {
        setUp = program.readLine()
        signIn = program.readLine()
        precondition(setUp.hasPrefix("tiqrenroll") && signIn.hasPrefix("tiqrauth"), "the server does not start")
    }

    deinit { program.stop() }
}
