// The app to install.
plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "org.countersign.app"
    compileSdk = 37
    defaultConfig {
        applicationId = "org.countersign"
        minSdk = 31
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
    }
    buildFeatures { compose = true }
    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
        }
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets.named("main") { kotlin.directories.add("src/compose/kotlin") }
    // The tests are for Robolectric without an SDK: Maven runs them.
    sourceSets.named("test") { kotlin.directories.clear() }
}

dependencies {
    implementation(project(":ui"))
    // Nothing of a push is read, so that nothing has to be decrypted (docs/decisions/0019).
    implementation(libs.unifiedpush) { exclude(group = "com.google.crypto.tink") }
}
