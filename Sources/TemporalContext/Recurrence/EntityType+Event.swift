// SPDX-License-Identifier: MIT
package import EventStorage

extension EntityType {
    /// The type of entity that an event shows; nil when it shows none that can come back.
    ///
    /// The camera's own detector decides where it says person or vehicle; else the first of the two that was
    /// recognised. Animals, packages and what is unknown are no visitors.
    package init?(objectsDetected: [String], smartDetectionType: String?) {
        let words = [smartDetectionType].compactMap { $0 } + objectsDetected
        for word in words {
            switch word {
            case "person": self = .person
            case "vehicle": self = .vehicle
            default: continue
            }
            return
        }
        return nil
    }
}
