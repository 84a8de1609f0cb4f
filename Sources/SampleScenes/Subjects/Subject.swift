// SPDX-License-Identifier: MIT

/// Something that an event would be about.
package enum Subject: Hashable, Sendable {
    case car(CarColor, Spot)
    case person(ClothingColor, Spot, carryingParcel: Bool)
    case parcel(Spot)
}
