// SPDX-License-Identifier: MIT

/// The members of a JSON object in the order in which they were first set.
///
/// Names are the same when their bytes are, without Unicode normalization (RFC 8259, section 8.3). Looking a name
/// up takes constant time in large objects, removing one linear time. Two objects are equal when they hold the
/// same members, in any order.
package struct JSONObject: Sendable {
    private var members: [(key: String, value: JSONValue)] = []
    /// Where each name stands; nil while so few members are faster to search one by one.
    private var positions: [Name: Int]?

    private static let indexedCount = 24

    /// An object without members.
    package init() {}

    /// An object with these members; of a name that repeats, the last value wins and the first place stays.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { set(key, to: value) }
    }

    /// The names, in order.
    package var keys: [String] { members.map(\.key) }

    /// The value of a name, or nil; setting nil removes the member, setting `.null` does not.
    package subscript(_ key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            if let newValue { set(key, to: newValue) } else { remove(key) }
        }
    }

    private func position(of key: String) -> Int? {
        if let positions { return positions[Name(text: key)] }
        return members.firstIndex { Name.areSame($0.key, key) }
    }

    private mutating func set(_ key: String, to value: JSONValue) {
        if let position = position(of: key) {
            members[position].value = value
            return
        }
        positions?[Name(text: key)] = members.count
        members.append((key, value))
        if positions == nil, members.count > Self.indexedCount { indexMembers() }
    }

    private mutating func remove(_ key: String) {
        guard let position = position(of: key) else { return }
        members.remove(at: position)
        positions = nil
        if members.count > Self.indexedCount { indexMembers() }
    }

    private mutating func indexMembers() {
        var found: [Name: Int] = [:]
        found.reserveCapacity(members.count * 2)
        for (position, member) in members.enumerated() { found[Name(text: member.key)] = position }
        positions = found
    }
}

/// A name compared by its bytes; a Swift string would be compared by canonical equivalence.
private struct Name: Hashable {
    let text: String

    static func areSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
    }

    static func == (a: Name, b: Name) -> Bool { areSame(a.text, b.text) }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

// MARK: - Collection

extension JSONObject: RandomAccessCollection {
    package var startIndex: Int { 0 }

    package var endIndex: Int { members.count }

    package subscript(position: Int) -> (key: String, value: JSONValue) { members[position] }
}

// MARK: - Hashable

extension JSONObject: Hashable {
    package static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in members {
            var member = Hasher()
            member.combine(Name(text: key))
            member.combine(value)
            // A sum, because the order of members must not matter.
            sum &+= member.finalize()
        }
        hasher.combine(members.count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
