package org.countersign.app

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraCharacteristics.LENS_FACING
import android.hardware.camera2.CameraCharacteristics.LENS_FACING_BACK
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.hardware.camera2.params.OutputConfiguration
import android.hardware.camera2.params.SessionConfiguration
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.util.Size
import android.view.Surface
import java.nio.ByteBuffer
import java.util.concurrent.Executor

/** Where frames go: brightness by pixel, rows `stride` bytes apart. The buffer is direct, and read before it returns. */
fun interface Frames {
    fun read(luma: ByteBuffer, width: Int, height: Int, stride: Int)
}

/** The camera at the back, from [open] to [close]: its picture to a surface, its brightness to [frames], newest first. */
internal class CameraFeed(context: Context, private val frames: Frames) {
    private val manager = context.service<CameraManager>()
    private val thread = HandlerThread("camera").apply { start() }
    private val handler = Handler(thread.looper)
    private val onThread = Executor { handler.post(it) }
    private var device: CameraDevice? = null
    private var reader: ImageReader? = null
    private var ended = false

    /** The size of the pictures, for who shows them; null where there is no camera that can be used. */
    val size: Size? get() = id()?.let(::sizeOf)

    /** Without the permission, or where another app has the camera, nothing comes: the page says what else can be done. */
    @SuppressLint("MissingPermission")
    fun open(texture: SurfaceTexture) {
        val id = id() ?: return
        val size = sizeOf(id) ?: return
        texture.setDefaultBufferSize(size.width, size.height)
        try {
            manager.openCamera(id, onThread, Opened(Surface(texture), size))
        } catch (_: SecurityException) {
            thread.quitSafely()
        } catch (_: CameraAccessException) {
            thread.quitSafely()
        }
    }

    /** One that is still being opened is closed as soon as it is. */
    fun close() {
        handler.post {
            ended = true
            device?.close()
        }
    }

    private fun id(): String? = try {
        val ids = manager.cameraIdList
        ids.firstOrNull { manager.getCameraCharacteristics(it)[LENS_FACING] == LENS_FACING_BACK } ?: ids.firstOrNull()
    } catch (_: CameraAccessException) {
        null
    }

    /** The largest up to [PIXELS]: more takes longer to read, and a code fills the picture. */
    private fun sizeOf(id: String): Size? = manager.getCameraCharacteristics(id)[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP]
        ?.getOutputSizes(ImageFormat.YUV_420_888)
        ?.sortedBy { it.width.toLong() * it.height }
        ?.run { lastOrNull { it.width.toLong() * it.height <= PIXELS } ?: firstOrNull() }

    private inner class Opened(private val screen: Surface, private val size: Size) : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            device = camera
            if (ended) camera.close() else camera.attempt { begin(camera) }
        }

        private fun begin(camera: CameraDevice) {
            val images = ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, 2).also { reader = it }
            images.setOnImageAvailableListener(::hand, handler)
            val outputs = listOf(screen, images.surface)
            camera.createCaptureSession(
                SessionConfiguration(
                    SessionConfiguration.SESSION_REGULAR, outputs.map(::OutputConfiguration), onThread, Configured(camera, outputs),
                ),
            )
        }

        override fun onDisconnected(camera: CameraDevice) = camera.close()

        override fun onError(camera: CameraDevice, error: Int) = camera.close()

        override fun onClosed(camera: CameraDevice) {
            reader?.close()
            thread.quitSafely()
        }
    }

    private inner class Configured(private val camera: CameraDevice, private val outputs: List<Surface>) :
        CameraCaptureSession.StateCallback() {
        override fun onConfigured(session: CameraCaptureSession) = camera.attempt {
            val request = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
            outputs.forEach(request::addTarget)
            request.set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
            session.setRepeatingRequest(request.build(), null, handler)
        }

        override fun onConfigureFailed(session: CameraCaptureSession) = camera.close()
    }

    /** The camera may be taken away at any moment. */
    private inline fun CameraDevice.attempt(use: () -> Unit) = try {
        use()
    } catch (_: CameraAccessException) {
        close()
    } catch (_: IllegalStateException) {
        close()
    }

    private fun hand(images: ImageReader) {
        images.acquireLatestImage()?.use { image ->
            val luma = image.planes[0]
            frames.read(luma.buffer, image.width, image.height, luma.rowStride)
        }
    }

    private companion object {
        const val PIXELS = 1_920L * 1_080
    }
}
