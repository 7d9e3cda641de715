#if canImport(AVFoundation) && canImport(UIKit)
    import AVFoundation
    import CoreVideo
    import Foundation
    import UIKit

    /// The camera on the back. Frames go on as brightness alone, and those that come too fast are left out.
    public final class DeviceCamera: NSObject, Camera, @unchecked Sendable {
        public let session = AVCaptureSession()
        private let queue = DispatchQueue(label: "org.countersign.camera")
        // Used on `queue` only.
        private var isSetUp = false
        private var listener: AsyncStream<LumaFrame>.Continuation?

        public var permission: CameraPermission {
            switch AVCaptureDevice.authorizationStatus(for: .video) {
            case .authorized: .allowed
            case .notDetermined: .notAsked
            default: .refused
            }
        }

        public func ask() async -> CameraPermission {
            await AVCaptureDevice.requestAccess(for: .video) ? .allowed : .refused
        }

        public func frames() -> AsyncStream<LumaFrame> {
            AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
                queue.async { self.start(continuation) }
                continuation.onTermination = { _ in self.queue.async { self.stop() } }
            }
        }

        public func picture(of frame: LumaFrame) -> Data? {
            guard let source = CGDataProvider(data: frame.luma as CFData),
                let picture = CGImage(
                    width: Int(frame.width), height: Int(frame.height), bitsPerComponent: 8, bitsPerPixel: 8,
                    bytesPerRow: Int(frame.stride), space: CGColorSpaceCreateDeviceGray(), bitmapInfo: [],
                    provider: source, decode: nil, shouldInterpolate: false, intent: .defaultIntent)
            else { return nil }
            return UIImage(cgImage: picture).pngData()
        }

        private func start(_ continuation: AsyncStream<LumaFrame>.Continuation) {
            guard setUp() else { return continuation.finish() }
            listener = continuation
            session.startRunning()
        }

        private func stop() {
            session.stopRunning()
            listener = nil
        }

        private func setUp() -> Bool {
            if isSetUp { return true }
            let output = AVCaptureVideoDataOutput()
            output.videoSettings = [
                kCVPixelBufferPixelFormatTypeKey as String: kCVPixelFormatType_420YpCbCr8BiPlanarFullRange
            ]
            output.setSampleBufferDelegate(self, queue: queue)
            guard let camera = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: .back),
                let input = try? AVCaptureDeviceInput(device: camera), session.canAddInput(input),
                session.canAddOutput(output)
            else { return false }
            session.addInput(input)
            session.addOutput(output)
            isSetUp = true
            return true
        }
    }

    extension DeviceCamera: AVCaptureVideoDataOutputSampleBufferDelegate {
        public func captureOutput(
            _ output: AVCaptureOutput, didOutput sampleBuffer: CMSampleBuffer, from connection: AVCaptureConnection
        ) {
            guard let listener, let picture = CMSampleBufferGetImageBuffer(sampleBuffer) else { return }
            CVPixelBufferLockBaseAddress(picture, .readOnly)
            defer { CVPixelBufferUnlockBaseAddress(picture, .readOnly) }
            guard let brightness = CVPixelBufferGetBaseAddressOfPlane(picture, 0) else { return }
            let (width, height) = (CVPixelBufferGetWidthOfPlane(picture, 0), CVPixelBufferGetHeightOfPlane(picture, 0))
            let stride = CVPixelBufferGetBytesPerRowOfPlane(picture, 0)
            listener.yield(
                LumaFrame(
                    luma: Data(bytes: brightness, count: stride * height), width: UInt32(width),
                    height: UInt32(height), stride: UInt32(stride)))
        }
    }
#endif
