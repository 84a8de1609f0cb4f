// SPDX-License-Identifier: MIT
import Foundation
import Imaging
import SampleScenes
import SystemPackage
import TestSupport

/// Pictures that tests post, in every format the server takes and some that it does not.
enum SamplePictures {
    /// Scenes of the demo as JPEG files of 320 × 180 pixels.
    static let jpegs: [[UInt8]] = SceneCatalogue.demo.compactMap {
        try? JPEGEncoder(quality: 80).encode($0.rendered(width: 320, height: 180))
    }

    /// A scene as a JPEG file; `index` may be any number.
    static func jpeg(_ index: Int) -> [UInt8] { jpegs[index % jpegs.count] }

    /// A file of the decoders' tests, for example `png-rgb8.png`.
    static func fixture(_ name: String) throws -> [UInt8] {
        let path = RepositoryFiles.fixture(name, of: "ImagingTests").string
        return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Bytes that begin like a JPEG file and end too soon.
    static var truncatedJPEG: [UInt8] { Array(jpeg(0).prefix(700)) }

    /// Bytes that are no picture at all.
    static let text = Array("This is not a picture.\n".utf8)
}
