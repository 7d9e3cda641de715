// The screens and presenters, with Compose for Android.
plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "org.countersign.ui"
    compileSdk = 37
    defaultConfig { minSdk = 31 }
    buildFeatures { compose = true }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    // Every word of the screens, shared with the iOS app.
    sourceSets.named("main") { resources.directories.add("../../words") }
    // The tests are for the JVM: Maven runs them.
    sourceSets.named("test") { kotlin.directories.clear() }
}

dependencies {
    api(project(":core"))
    api(libs.coroutines)
    api(libs.compose.runtime)
    api(libs.compose.ui)
    implementation(libs.compose.foundation)
    implementation(libs.compose.material3)
}
