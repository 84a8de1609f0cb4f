// SPDX-License-Identifier: MIT
import Tensors

/// Runs a pickle that can only build numbers, strings, collections and descriptions of tensors.
///
/// A pickle is a program. This machine knows the instructions and names that PyTorch writes for a
/// state dict or a TorchScript module (``PickleOpcode``, ``PickleGlobals``) and stops with a typed
/// error at any other. It calls nothing, and allocates in proportion to the bytes it has read: no
/// length is believed before the bytes are there.
struct RestrictedUnpickler {
    /// Limits on work and memory; a state dict of 400 tensors takes some 20,000 instructions.
    static let instructionLimit = 4_000_000
    static let byteLimit = 64 << 20
    /// Items copied into collections, however often the pickle refers to the same ones.
    static let itemLimit = 4_000_000

    private let program: ByteSlice
    private(set) var position: Int
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private(set) var heap = PickleHeap()
    private var itemCount = 0

    /// - Parameters:
    ///   - program: Bytes that begin with a pickle.
    ///   - start: Where it begins; afterwards ``position`` tells where it ended.
    init(_ program: ByteSlice, from start: Int = 0) {
        self.program = program
        position = start
    }

    /// Runs until STOP and returns the value on top.
    mutating func run() throws(PickleError) -> PickleValue {
        let start = position
        for _ in 0..<Self.instructionLimit {
            guard position - start <= Self.byteLimit else {
                throw .limitExceeded(limit: "bytes", value: Self.byteLimit)
            }
            let offset = position
            let byte = try readByte()
            guard let opcode = PickleOpcode(rawValue: byte) else {
                throw .opcodeNotAllowed(name: PickleOpcode.name(of: byte), offset: offset)
            }
            if opcode == .stop { return try pop(offset) }
            try execute(opcode, offset)
        }
        throw .limitExceeded(limit: "instructions", value: Self.instructionLimit)
    }

    private mutating func execute(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) {
        switch opcode {
        case .version, .frame: try skipFraming(opcode)
        case .mark: marks.append(stack.count)
        case .none, .newTrue, .newFalse, .binInt, .binInt1, .binInt2, .long1, .binFloat:
            stack.append(try number(opcode, offset))
        case .binUnicode, .shortBinUnicode: stack.append(.string(try string(opcode, offset)))
        case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3, .emptyList, .emptyDictionary:
            try makeCollection(opcode, offset)
        case .append, .appends, .setItem, .setItems: try fillCollection(opcode, offset)
        case .binPut, .longBinPut, .memoize, .binGet, .longBinGet: try useMemo(opcode, offset)
        case .global, .stackGlobal: try pushGlobal(opcode, offset)
        case .binPersistentID: stack.append(.storage(try storage(try pop(offset), offset)))
        case .reduce: try reduce(offset)
        case .newObject: try makeObject(offset)
        case .build: try build(offset)
        case .stop: break
        }
    }

    // MARK: - Bytes

    private mutating func readByte() throws(PickleError) -> UInt8 {
        guard position < program.count else { throw .truncated(offset: position) }
        defer { position += 1 }
        return program[position]
    }

    private mutating func read(_ count: Int) throws(PickleError) -> ByteSlice {
        guard count <= program.count - position else { throw .truncated(offset: program.count) }
        defer { position += count }
        return program[position..<position + count]
    }

    private mutating func readInteger<Integer: FixedWidthInteger & UnsignedInteger>(
        _ type: Integer.Type
    ) throws(PickleError) -> Integer {
        try read(Integer.bitWidth / 8).littleEndian(at: 0)
    }

    private mutating func skipFraming(_ opcode: PickleOpcode) throws(PickleError) {
        if opcode == .version {
            let version = try readByte()
            guard (2...5).contains(version) else { throw .protocolUnknown(Int(version)) }
        } else {
            // A frame only announces how many bytes follow; they are read one instruction at a time.
            let length = try readInteger(UInt64.self)
            guard length <= UInt64(program.count - position) else { throw .truncated(offset: program.count) }
        }
    }

    // MARK: - Scalars

    private mutating func number(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) -> PickleValue {
        switch opcode {
        case .newTrue: return .bool(true)
        case .newFalse: return .bool(false)
        case .binInt: return .int(Int(Int32(bitPattern: try readInteger(UInt32.self))))
        case .binInt1: return .int(Int(try readByte()))
        case .binInt2: return .int(Int(try readInteger(UInt16.self)))
        case .binFloat: return .float(Double(bitPattern: try readInteger(UInt64.self).byteSwapped))
        case .long1: return .int(try longInteger(offset))
        default: return .none
        }
    }

    /// Little-endian two's complement of up to eight bytes.
    private mutating func longInteger(_ offset: Int) throws(PickleError) -> Int {
        let count = Int(try readByte())
        guard count <= 8 else { throw .integerTooLarge(offset: offset) }
        let bytes = [UInt8](try read(count))
        var value = bytes.last.map { $0 >= 0x80 } == true ? -1 : 0
        for byte in bytes.reversed() { value = value << 8 | Int(byte) }
        return value
    }

    private mutating func string(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) -> String {
        let count =
            opcode == .shortBinUnicode ? Int(try readByte()) : Int(try readInteger(UInt32.self))
        let bytes = [UInt8](try read(count))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .stringNotUTF8(offset: offset)
        }
        return text
    }

    // MARK: - Stack

    private mutating func pop(_ offset: Int) throws(PickleError) -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
            throw .stackUnderflow(offset: offset)
        }
        return value
    }

    private mutating func popToMark(_ offset: Int) throws(PickleError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw .stackUnderflow(offset: offset) }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func pop(count: Int, _ offset: Int) throws(PickleError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw .stackUnderflow(offset: offset) }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    /// Index of the collection on top of the stack.
    private func topCollection(_ instruction: String, _ offset: Int) throws(PickleError) -> Int {
        guard stack.count > (marks.last ?? 0), let top = stack.last else {
            throw .stackUnderflow(offset: offset)
        }
        guard case .collection(let index) = top else {
            throw .valueUnexpected(instruction: instruction, offset: offset)
        }
        return index
    }

    // MARK: - Collections

    private mutating func push(_ collection: PickleHeap.Collection) {
        heap.collections.append(collection)
        stack.append(.collection(heap.collections.count - 1))
    }

    private mutating func makeCollection(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) {
        switch opcode {
        case .tuple: push(.tuple(try popToMark(offset)))
        case .tuple1: push(.tuple(try pop(count: 1, offset)))
        case .tuple2: push(.tuple(try pop(count: 2, offset)))
        case .tuple3: push(.tuple(try pop(count: 3, offset)))
        case .emptyList: push(.list([]))
        case .emptyDictionary: push(.dictionary([]))
        default: push(.tuple([]))
        }
    }

    private mutating func spend(items count: Int) throws(PickleError) {
        itemCount += count
        guard itemCount <= Self.itemLimit else {
            throw .limitExceeded(limit: "items", value: Self.itemLimit)
        }
    }

    private mutating func fillCollection(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) {
        let items: [PickleValue]
        switch opcode {
        case .append: items = [try pop(offset)]
        case .setItem: items = try pop(count: 2, offset)
        default: items = try popToMark(offset)
        }
        if opcode == .append || opcode == .appends {
            try appendToTop(items, offset)
        } else {
            try setOnTop(items, "SETITEMS", offset)
        }
    }

    private mutating func appendToTop(_ items: [PickleValue], _ offset: Int) throws(PickleError) {
        let index = try topCollection("APPENDS", offset)
        try spend(items: items.count)
        guard case .list(var list) = heap.collections[index] else {
            throw .valueUnexpected(instruction: "APPENDS", offset: offset)
        }
        heap.collections[index] = .list([])  // so that appending does not copy the list
        list += items
        heap.collections[index] = .list(list)
    }

    private mutating func setOnTop(
        _ items: [PickleValue], _ instruction: String, _ offset: Int
    ) throws(PickleError) {
        let index = try topCollection(instruction, offset)
        guard case .dictionary(var pairs) = heap.collections[index], items.count.isMultiple(of: 2) else {
            throw .valueUnexpected(instruction: instruction, offset: offset)
        }
        heap.collections[index] = .dictionary([])  // so that appending does not copy the pairs
        for first in stride(from: 0, to: items.count, by: 2) {
            pairs.append((items[first], items[first + 1]))
        }
        heap.collections[index] = .dictionary(pairs)
    }

    // MARK: - Memo

    private mutating func useMemo(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) {
        let key: Int
        switch opcode {
        case .binPut, .binGet: key = Int(try readByte())
        case .longBinPut, .longBinGet: key = Int(try readInteger(UInt32.self))
        default: key = memo.count
        }
        if opcode == .binGet || opcode == .longBinGet {
            guard let value = memo[key] else { throw .memoMissing(key: key) }
            stack.append(value)
        } else {
            guard stack.count > (marks.last ?? 0), let top = stack.last else {
                throw .stackUnderflow(offset: offset)
            }
            memo[key] = top
        }
    }

    // MARK: - Names

    private mutating func pushGlobal(_ opcode: PickleOpcode, _ offset: Int) throws(PickleError) {
        let global: PickleGlobal
        if opcode == .global {
            global = PickleGlobal(module: try line(offset), name: try line(offset))
        } else {
            let parts = try pop(count: 2, offset)
            guard case .string(let module) = parts[0], case .string(let name) = parts[1] else {
                throw .valueUnexpected(instruction: "STACK_GLOBAL", offset: offset)
            }
            guard module.utf8.count <= 1024, name.utf8.count <= 1024 else {
                throw .limitExceeded(limit: "bytes in a name", value: 1024)
            }
            global = PickleGlobal(module: module, name: name)
        }
        _ = try PickleGlobals.meaning(of: global)
        stack.append(.global(global))
    }

    /// Text up to the next line feed.
    private mutating func line(_ offset: Int) throws(PickleError) -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = try readByte()
            if byte == 0x0A { break }
            bytes.append(byte)
            guard bytes.count <= 1024 else { throw .limitExceeded(limit: "bytes in a name", value: 1024) }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .stringNotUTF8(offset: offset)
        }
        return text
    }

    private mutating func reduce(_ offset: Int) throws(PickleError) {
        let arguments = try pop(offset)
        guard case .global(let callee) = try pop(offset), let items = heap.items(arguments) else {
            throw .valueUnexpected(instruction: "REDUCE", offset: offset)
        }
        switch try PickleGlobals.meaning(of: callee) {
        case .orderedDictionary: push(.dictionary(try pairs(items, offset)))
        case .module: push(.dictionary([]))
        case .firstArgument:
            guard let first = items.first else {
                throw .valueUnexpected(instruction: "REDUCE", offset: offset)
            }
            stack.append(first)
        case .tensor:
            heap.tensors.append(try tensor(items, offset))
            stack.append(.tensor(heap.tensors.count - 1))
        case .storage: throw .valueUnexpected(instruction: "REDUCE", offset: offset)
        }
    }

    private mutating func makeObject(_ offset: Int) throws(PickleError) {
        _ = try pop(offset)
        guard case .global(let type) = try pop(offset),
            case .module = try PickleGlobals.meaning(of: type)
        else { throw .valueUnexpected(instruction: "NEWOBJ", offset: offset) }
        push(.dictionary([]))
    }

    /// Sets attributes. Those of an OrderedDict are notes of PyTorch about versions and not values of
    /// the dictionary; here both are pairs, and nobody looks for the name `_metadata`.
    private mutating func build(_ offset: Int) throws(PickleError) {
        let state = try pop(offset)
        guard let pairs = heap.pairs(state) else {
            throw .valueUnexpected(instruction: "BUILD", offset: offset)
        }
        // A pickle may build a dictionary onto itself: twice the items every time.
        try spend(items: pairs.count)
        try setOnTop(pairs.flatMap { [$0.key, $0.value] }, "BUILD", offset)
    }

    /// The pairs of `OrderedDict([(key, value), …])`; no argument gives none.
    private mutating func pairs(
        _ arguments: [PickleValue], _ offset: Int
    ) throws(PickleError) -> [(key: PickleValue, value: PickleValue)] {
        guard let list = arguments.first else { return [] }
        let items = heap.items(list) ?? []
        try spend(items: items.count)
        var result: [(key: PickleValue, value: PickleValue)] = []
        for item in items {
            guard let pair = heap.items(item), pair.count == 2 else {
                throw .valueUnexpected(instruction: "REDUCE", offset: offset)
            }
            result.append((pair[0], pair[1]))
        }
        return result
    }

    // MARK: - Tensors

    /// `('storage', type, key, device, count)`, and in the old format a sixth item that is None.
    private func storage(_ value: PickleValue, _ offset: Int) throws(PickleError) -> PickleStorage {
        guard let items = heap.items(value), items.count == 5 || items.count == 6,
            items[0] == .string("storage"), case .global(let type) = items[1],
            case .storage(let elementType) = try PickleGlobals.meaning(of: type),
            case .string(let key) = items[2], case .int(let count) = items[4], count >= 0,
            items.count == 5 || items[5] == .none
        else { throw .tensorMalformed(offset: offset) }
        return PickleStorage(elementType: elementType, key: key, elementCount: count)
    }

    /// `(storage, offset, shape, strides, …)`; the rest concerns training.
    private func tensor(_ items: [PickleValue], _ offset: Int) throws(PickleError) -> PickleTensor {
        guard items.count >= 4, case .storage(let storage) = items[0], case .int(let start) = items[1],
            let shape = integers(items[2]), let strides = integers(items[3])
        else { throw .tensorMalformed(offset: offset) }
        return PickleTensor(storage: storage, offset: start, shape: shape, strides: strides)
    }

    private func integers(_ value: PickleValue) -> [Int]? {
        guard let items = heap.items(value), items.count <= 16 else { return nil }
        var integers: [Int] = []
        for item in items {
            guard case .int(let integer) = item else { return nil }
            integers.append(integer)
        }
        return integers
    }
}
