#if canImport(UIKit) && canImport(AVFoundation)
    import AVFoundation
    import CountersignKit
    import SwiftUI
    import UIKit

    /// What the camera sees.
    struct CameraPreview: UIViewRepresentable {
        let camera: any Camera

        func makeUIView(context: Context) -> PreviewView {
            let view = PreviewView()
            view.preview?.session = (camera as? DeviceCamera)?.session
            view.preview?.videoGravity = .resizeAspectFill
            return view
        }

        func updateUIView(_ view: PreviewView, context: Context) {}
    }

    final class PreviewView: UIView {
        override class var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }
        var preview: AVCaptureVideoPreviewLayer? { layer as? AVCaptureVideoPreviewLayer }
    }
#endif
