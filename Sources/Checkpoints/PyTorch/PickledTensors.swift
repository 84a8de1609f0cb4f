// SPDX-License-Identifier: MIT
import Tensors

/// Finds the tensors that a pickle reaches from its result, with dotted names.
///
/// `{"state_dict": {"a.b": tensor}}` gives `state_dict.a.b`; a TorchScript module gives its
/// attributes in the same way. Each collection is visited once, so cycles end and shared parts do not
/// multiply; no recursion, so depth costs no stack.
struct PickledTensors {
    /// Longest dotted name; longer ones are no model.
    static let nameByteLimit = 1024

    private let heap: PickleHeap

    init(_ heap: PickleHeap) {
        self.heap = heap
    }

    /// Name and description of each tensor, in the order of the pickle; of two with one name the last.
    func named(from root: PickleValue) throws(PickleError) -> [(name: String, tensor: PickleTensor)] {
        var found: [(name: String, tensor: PickleTensor)] = []
        var places: [String: Int] = [:]
        var visited = [Bool](repeating: false, count: heap.collections.count)
        var pending: [(name: String, value: PickleValue)] = [("", root)]
        while let (name, value) = pending.popLast() {
            switch value {
            case .tensor(let index):
                if let place = places[name] {
                    found[place].tensor = heap.tensors[index]
                } else {
                    places[name] = found.count
                    found.append((name, heap.tensors[index]))
                }
            case .collection(let index) where !visited[index]:
                visited[index] = true
                pending += try children(of: index, name).reversed()
            default: break
            }
        }
        return found
    }

    /// The values inside a collection that can lead to tensors, with their names.
    private func children(
        of index: Int, _ parent: String
    ) throws(PickleError) -> [(name: String, value: PickleValue)] {
        var children: [(name: String, value: PickleValue)] = []
        switch heap.collections[index] {
        case .tuple(let items), .list(let items):
            for (position, item) in items.enumerated() where leadsOn(item) {
                children.append((try joined(parent, String(position)), item))
            }
        case .dictionary(let pairs):
            for (key, value) in pairs where leadsOn(value) {
                guard let component = component(key) else { continue }
                children.append((try joined(parent, component), value))
            }
        }
        return children
    }

    private func leadsOn(_ value: PickleValue) -> Bool {
        switch value {
        case .tensor, .collection: true
        default: false
        }
    }

    private func component(_ key: PickleValue) -> String? {
        switch key {
        case .string(let text): text
        case .int(let number): String(number)
        default: nil
        }
    }

    private func joined(_ parent: String, _ child: String) throws(PickleError) -> String {
        guard parent.utf8.count + child.utf8.count < Self.nameByteLimit else {
            throw .limitExceeded(limit: "bytes in a tensor's name", value: Self.nameByteLimit)
        }
        return parent.isEmpty ? child : "\(parent).\(child)"
    }
}
