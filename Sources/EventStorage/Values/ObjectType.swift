// SPDX-License-Identifier: MIT

/// What a camera recognised in an event.
public enum ObjectType: String, Sendable, CaseIterable {
    case person, vehicle, animal, package, unknown

    /// The column `object_mask` of an event with these objects.
    public static func mask(_ types: [ObjectType]) -> Int64 { types.reduce(0) { $0 | $1.mask } }

    /// The bit of this type in the column `object_mask`.
    var mask: Int64 {
        switch self {
        case .person: 1
        case .vehicle: 2
        case .animal: 4
        case .package: 8
        case .unknown: 16
        }
    }
}
