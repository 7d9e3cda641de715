package org.countersign.core

/** The small tiqr server of `tests/bindings`, with one user and one sign-in, by the codes that its pages would show. */
class TiqrServer : AutoCloseable {
    private val process = ProcessBuilder("python3", "${System.getProperty("rust.root")}/tests/bindings/tiqr.py")
        .redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val said = process.inputReader()
    val setUp: String = said.readLine()
    val signIn: String = said.readLine()

    override fun close() {
        process.destroyForcibly().waitFor()
    }
}
