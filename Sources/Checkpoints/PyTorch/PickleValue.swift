// SPDX-License-Identifier: MIT
import Tensors

/// What a pickle can build here. Collections are numbers into ``PickleHeap``, so values own nothing:
/// a collection that contains itself is no reference cycle, and freeing deep nesting needs no stack.
enum PickleValue: Equatable, Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case collection(Int)
    case global(PickleGlobal)
    case storage(PickleStorage)
    /// Index of a tensor in ``PickleHeap/tensors``.
    case tensor(Int)
}

/// A class or function by name. It is never looked up anywhere.
struct PickleGlobal: Equatable, Sendable {
    let module: String
    let name: String

    var qualifiedName: String { "\(module).\(name)" }
}

/// A block of numbers outside the pickle.
struct PickleStorage: Equatable, Sendable {
    let elementType: ElementType
    let key: String
    let elementCount: Int
}

/// A view of a storage, as declared; not yet checked against the storage's bytes.
struct PickleTensor: Equatable, Sendable {
    let storage: PickleStorage
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}

/// The collections and tensors that a pickle made.
struct PickleHeap: Sendable {
    enum Collection: Sendable {
        case tuple([PickleValue])
        case list([PickleValue])
        /// Pairs in the order in which they were set; also the attributes of a TorchScript module.
        case dictionary([(key: PickleValue, value: PickleValue)])
    }

    var collections: [Collection] = []
    var tensors: [PickleTensor] = []

    /// The items of a tuple or list; nil for everything else.
    func items(_ value: PickleValue) -> [PickleValue]? {
        guard case .collection(let index) = value else { return nil }
        switch collections[index] {
        case .tuple(let items), .list(let items): return items
        case .dictionary: return nil
        }
    }

    /// The pairs of a dictionary; nil for everything else.
    func pairs(_ value: PickleValue) -> [(key: PickleValue, value: PickleValue)]? {
        guard case .collection(let index) = value, case .dictionary(let pairs) = collections[index] else {
            return nil
        }
        return pairs
    }
}
