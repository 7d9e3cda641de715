import javax.inject.Inject
import org.gradle.process.ExecOperations

// The Rust core as an Android library: built by cargo-ndk, its Kotlin sources generated.
plugins { alias(libs.plugins.android.library) }

android {
    namespace = "org.countersign.core"
    compileSdk = 37
    defaultConfig {
        minSdk = 31
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    // What is in `src` are tests of the bindings, for the JVM: Maven runs them.
    sourceSets.configureEach { kotlin.directories.clear() }
}

dependencies { api(variantOf(libs.jna) { artifactType("aar") }) }

/** `lib/<ABI>/libcountersign_ffi.so` for every ABI, in the size that phones carry. */
@UntrackedTask(because = "cargo knows what has changed")
abstract class CargoNdk @Inject constructor(private val run: ExecOperations) : DefaultTask() {
    @get:Internal abstract val workspace: DirectoryProperty

    @get:OutputDirectory abstract val libraries: DirectoryProperty

    @TaskAction
    fun build() {
        run.exec {
            workingDir(workspace)
            commandLine("cargo", "ndk", "--target", "arm64-v8a", "--target", "armeabi-v7a", "--target", "x86_64",
                "--platform", "31", "--output-dir", libraries.get().asFile.path,
                "build", "--locked", "--profile", "phone", "--package", "countersign-bindings", "--lib")
        }
    }
}

/** The Kotlin sources, of the library for this machine: that for phones carries no description of itself. */
@UntrackedTask(because = "cargo knows what has changed")
abstract class KotlinSources @Inject constructor(private val run: ExecOperations) : DefaultTask() {
    @get:Internal abstract val workspace: DirectoryProperty

    /** Cargo's, with `debug` in it. */
    @get:Internal abstract val built: Property<String>

    @get:OutputDirectory abstract val sources: DirectoryProperty

    @TaskAction
    fun generate() {
        val library = System.mapLibraryName("countersign_ffi")
        run.exec {
            workingDir(workspace)
            commandLine("cargo", "build", "--locked", "--package", "countersign-bindings",
                "--package", "countersign-bindgen", "--lib", "--bins")
        }
        run.exec {
            workingDir(workspace)
            commandLine("${built.get()}/debug/countersign-bindgen", "generate", "--language", "kotlin", "--no-format",
                "--config", "uniffi.toml", "--out-dir", sources.get().asFile.path, "${built.get()}/debug/$library")
        }
    }
}

val root: Directory = rootProject.layout.projectDirectory.dir("..")
val cargoNdk = tasks.register<CargoNdk>("cargoNdk") { workspace = root }
val kotlinSources = tasks.register<KotlinSources>("kotlinSources") {
    workspace = root
    built = providers.environmentVariable("CARGO_TARGET_DIR").orElse(root.dir("target").asFile.path)
}

androidComponents {
    onVariants { variant ->
        variant.sources.jniLibs?.addGeneratedSourceDirectory(cargoNdk, CargoNdk::libraries)
        variant.sources.kotlin?.addGeneratedSourceDirectory(kotlinSources, KotlinSources::sources)
    }
}
