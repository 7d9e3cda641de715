buildscript {
    dependencies {
        // The Android plugin brings a Kotlin of its own: this is the one that Maven takes too.
        classpath(libs.kotlin.gradle)
    }
}

plugins {
    alias(libs.plugins.android.application) apply false
    alias(libs.plugins.android.library) apply false
    alias(libs.plugins.kotlin.compose) apply false
}
