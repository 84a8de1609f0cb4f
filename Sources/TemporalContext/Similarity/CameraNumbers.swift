// SPDX-License-Identifier: MIT

/// Small numbers for the identifiers of cameras, so that a column of them is small.
struct CameraNumbers: Sendable {
    private(set) var names: [String]
    private var numbers: [String: Int32]

    /// The numbers 0, 1, … for `names`.
    init(names: [String] = []) {
        self.names = names
        numbers = Dictionary(
            names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number of a camera, a new one for an unknown camera.
    mutating func number(of name: String) -> Int32 {
        if let known = numbers[name] { return known }
        let number = Int32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }

    /// The number of a camera that is known.
    func known(_ name: String) -> Int32? { numbers[name] }
}
