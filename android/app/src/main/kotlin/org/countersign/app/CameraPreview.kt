package org.countersign.app

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Matrix
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.util.Size
import android.view.TextureView

/** What the camera sees, filling the view; the camera is on while the view is there. */
@SuppressLint("ViewConstructor")
class CameraPreview(context: Context, private val frames: Frames) : TextureView(context), TextureView.SurfaceTextureListener {
    private var feed: CameraFeed? = null

    init {
        surfaceTextureListener = this
    }

    override fun onSurfaceTextureAvailable(texture: SurfaceTexture, width: Int, height: Int) {
        val feed = CameraFeed(context, frames).also { feed = it }
        feed.size?.let { setTransform(filling(it, width, height)) }
        feed.open(texture)
    }

    override fun onSurfaceTextureSizeChanged(texture: SurfaceTexture, width: Int, height: Int) {
        feed?.size?.let { setTransform(filling(it, width, height)) }
    }

    override fun onSurfaceTextureDestroyed(texture: SurfaceTexture): Boolean {
        feed?.close()
        feed = null
        return true
    }

    override fun onSurfaceTextureUpdated(texture: SurfaceTexture) = Unit

    /** The system stretches the picture over the view: it gets its own shape back, and its edges are cut off. */
    private fun filling(picture: Size, width: Int, height: Int): Matrix {
        val quarterTurns = display?.rotation ?: 0
        val upright = quarterTurns % 2 == 0
        val across = (if (upright) picture.height else picture.width).toFloat()
        val down = (if (upright) picture.width else picture.height).toFloat()
        val scale = maxOf(width / across, height / down)
        val view = RectF(0f, 0f, width.toFloat(), height.toFloat())
        return Matrix().apply {
            setScale(across * scale / width, down * scale / height, view.centerX(), view.centerY())
            postRotate(-90f * quarterTurns, view.centerX(), view.centerY())
        }
    }
}
