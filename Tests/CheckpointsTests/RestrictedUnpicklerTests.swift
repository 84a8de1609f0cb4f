// SPDX-License-Identifier: MIT
import Checkpoints
import Tensors
import Testing

/// Instructions of the pickle machine, spelt out.
enum Pickle {
    static let start: [UInt8] = [0x80, 2]
    static let stop: [UInt8] = [0x2E]

    static func program(_ parts: [UInt8]...) -> [UInt8] { start + parts.flatMap { $0 } + stop }
    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    static func string(_ text: String) -> [UInt8] { [0x58] + le(UInt32(text.utf8.count)) + Array(text.utf8) }
    static func int(_ value: Int32) -> [UInt8] { [0x4A] + le(value) }
    static func long(_ value: Int64) -> [UInt8] { [0x8A, 8] + le(value) }
    static func tuple(_ items: [UInt8]...) -> [UInt8] { [0x28] + items.flatMap { $0 } + [0x74] }

    /// A tensor as torch.save describes it.
    static func tensor(
        key: String = "0", count: Int64 = 4, offset: Int64 = 0, shape: [Int64] = [4], strides: [Int64] = [1],
        storage: String = "FloatStorage"
    ) -> [UInt8] {
        let identifier = tuple(
            string("storage"), global("torch", storage), string(key), string("cpu"), long(count))
        let arguments =
            [0x28] + identifier + [0x51] + long(offset) + [0x28] + shape.flatMap(long) + [0x74]
            + [0x28] + strides.flatMap(long) + [0x74, 0x89] + global("collections", "OrderedDict") + [
                0x29, 0x52, 0x74,
            ]
        return global("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52]
    }

    /// A state dict with one tensor called `w`.
    static func stateDictionary(_ tensor: [UInt8]) -> [UInt8] {
        program([0x7D, 0x28], string("w"), tensor, [0x75])
    }
}

@Suite("Restricted unpickler")
struct RestrictedUnpicklerTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pickle: [UInt8]
        let error: PickleError

        init(_ name: String, _ pickle: [UInt8], _ error: PickleError) {
            testDescription = name
            self.pickle = pickle
            self.error = error
        }

        static func opcode(_ name: String, _ bytes: [UInt8]) -> Attack {
            Attack(name, Pickle.program(bytes), .opcodeNotAllowed(name: name, offset: 2))
        }
    }

    static let attacks: [Attack] = [
        Attack(
            "REDUCE of os.system",
            Pickle.program(Pickle.global("os", "system"), Pickle.string("touch /tmp/owned"), [0x85, 0x52]),
            .globalNotAllowed(name: "os.system")),
        Attack(
            "REDUCE of posix.system", Pickle.program(Pickle.global("posix", "system")),
            .globalNotAllowed(name: "posix.system")),
        Attack(
            "GLOBAL builtins.eval", Pickle.program(Pickle.global("builtins", "eval")),
            .globalNotAllowed(name: "builtins.eval")),
        Attack(
            "GLOBAL builtins.getattr", Pickle.program(Pickle.global("builtins", "getattr")),
            .globalNotAllowed(name: "builtins.getattr")),
        Attack(
            "GLOBAL torch.load", Pickle.program(Pickle.global("torch", "load")),
            .globalNotAllowed(name: "torch.load")),
        Attack(
            "GLOBAL torch.jit.load", Pickle.program(Pickle.global("torch.jit", "load")),
            .globalNotAllowed(name: "torch.jit.load")),
        Attack(
            "GLOBAL that only begins like TorchScript", Pickle.program(Pickle.global("__torch__evil", "f")),
            .globalNotAllowed(name: "__torch__evil.f")),
        Attack(
            "STACK_GLOBAL os.system",
            Pickle.program(Pickle.string("os"), Pickle.string("system"), [0x93]),
            .globalNotAllowed(name: "os.system")),
        Attack(
            "STACK_GLOBAL of numbers", Pickle.program([0x4B, 1, 0x4B, 2, 0x93]),
            .valueUnexpected(instruction: "STACK_GLOBAL", offset: 6)),
        .opcode("INST", Array("(ios\nsystem\n".utf8.dropFirst())),
        .opcode("OBJ", [0x6F]), .opcode("NEWOBJ_EX", [0x92]),
        .opcode("EXT1", [0x82, 1]), .opcode("EXT2", [0x83, 1, 0]), .opcode("EXT4", [0x84, 1, 0, 0, 0]),
        .opcode("PERSID", Array("P../../etc/passwd\n".utf8)),
        .opcode("LONG4", [0x8B] + le(Int32.max)),
        .opcode("BINUNICODE8", [0x8D] + le(UInt64.max)),
        .opcode("BINBYTES8", [0x8E] + le(UInt64.max)), .opcode("BYTEARRAY8", [0x96] + le(UInt64.max)),
        .opcode("NEXT_BUFFER", [0x97]), .opcode("EMPTY_SET", [0x8F]), .opcode("DUP", [0x32]),
        .opcode("POP", [0x30]), .opcode("INT", Array("I1\n".utf8)), .opcode("STRING", Array("S'a'\n".utf8)),
        .opcode("opcode 0xff", [0xFF]),
        Attack(
            "BINUNICODE of 4 GB", Pickle.program([0x58] + le(UInt32.max)), .truncated(offset: 8)),
        Attack("frame of 2^64 − 1", Pickle.program([0x95] + le(UInt64.max)), .truncated(offset: 12)),
        Attack("LONG1 of 255 bytes", Pickle.program([0x8A, 255]), .integerTooLarge(offset: 2)),
        Attack("protocol 0", [0x80, 0, 0x2E], .protocolUnknown(0)),
        Attack("protocol 6", [0x80, 6, 0x2E], .protocolUnknown(6)),
        Attack("empty", [], .truncated(offset: 0)),
        Attack("no STOP", [0x80, 2, 0x7D], .truncated(offset: 3)),
        Attack("STOP on an empty stack", Pickle.program(), .stackUnderflow(offset: 2)),
        Attack("TUPLE without a mark", Pickle.program([0x74]), .stackUnderflow(offset: 2)),
        Attack("TUPLE3 of two", Pickle.program([0x4E, 0x4E, 0x87]), .stackUnderflow(offset: 4)),
        Attack("TUPLE1 across a mark", Pickle.program([0x4E, 0x28, 0x85]), .stackUnderflow(offset: 4)),
        Attack("BINGET never put", Pickle.program([0x68, 7]), .memoMissing(key: 7)),
        Attack("BINPUT of nothing", Pickle.program([0x71, 0]), .stackUnderflow(offset: 2)),
        Attack("not UTF-8", Pickle.program([0x8C, 1, 0xFF]), .stringNotUTF8(offset: 2)),
        Attack(
            "REDUCE of a string", Pickle.program(Pickle.string("os.system"), [0x29, 0x52]),
            .valueUnexpected(instruction: "REDUCE", offset: 17)),
        Attack(
            "REDUCE of a storage", Pickle.program(Pickle.global("torch", "FloatStorage"), [0x29, 0x52]),
            .valueUnexpected(instruction: "REDUCE", offset: 23)),
        Attack(
            "NEWOBJ of OrderedDict",
            Pickle.program(Pickle.global("collections", "OrderedDict"), [0x29, 0x81]),
            .valueUnexpected(instruction: "NEWOBJ", offset: 28)),
        Attack(
            "BUILD of a number", Pickle.program([0x4B, 1, 0x7D, 0x62]),
            .valueUnexpected(instruction: "BUILD", offset: 5)),
        Attack(
            "BUILD with a list", Pickle.program([0x7D, 0x5D, 0x62]),
            .valueUnexpected(instruction: "BUILD", offset: 4)),
        Attack(
            "APPEND to a dictionary", Pickle.program([0x7D, 0x4E, 0x61]),
            .valueUnexpected(instruction: "APPENDS", offset: 4)),
        Attack(
            "SETITEMS of three", Pickle.program([0x7D, 0x28, 0x4E, 0x4E, 0x4E, 0x75]),
            .valueUnexpected(instruction: "SETITEMS", offset: 7)),
        Attack(
            "persistent identifier of a path", Pickle.program(Pickle.string("/etc/passwd"), [0x51]),
            .tensorMalformed(offset: 18)),
        Attack(
            "tensor without a storage",
            Pickle.program(Pickle.global("torch._utils", "_rebuild_tensor_v2"), [0x29, 0x52]),
            .tensorMalformed(offset: 36)),
        Attack(
            "a dictionary built onto itself until memory ends",
            Pickle.program(
                [0x7D, 0x71, 0, 0x4E, 0x4E, 0x73],
                [[UInt8]](repeating: [0x68, 0, 0x62], count: 40).flatMap { $0 }),
            .limitExceeded(limit: "items", value: 1_000_000)),
        Attack(
            "endless instructions", Pickle.program([UInt8](repeating: 0x28, count: 1_000_001)),
            .limitExceeded(limit: "instructions", value: 1_000_000)),
        Attack(
            "tuples nested half a million deep",
            Pickle.program([0x4E], [UInt8](repeating: 0x85, count: 500_000)),
            .limitExceeded(limit: "bytes in a tensor's name", value: 1024)),
        Attack(
            "endless name", Pickle.program([0x63], [UInt8](repeating: 0x61, count: 2_000)),
            .limitExceeded(limit: "bytes in a name", value: 1024)),
    ]

    @Test("stops at each malicious pickle with its own error", arguments: attacks)
    func stops(attack: Attack) {
        let archive = ByteSlice(ZipBuilder.model(pickle: attack.pickle))
        #expect(throws: CheckpointError.pickle(attack.error)) { try PyTorchArchive(archive) }
        #expect(!attack.error.description.isEmpty && !attack.error.code.isEmpty)
    }

    struct Oddity: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pickle: [UInt8]
    }

    static let harmless = [
        // Memo 0 is a list that contains itself.
        Oddity(
            testDescription: "a list inside itself",
            pickle: Pickle.program([0x5D, 0x71, 0, 0x68, 0, 0x61])),
        Oddity(
            testDescription: "a dictionary inside itself",
            pickle: Pickle.program([0x7D, 0x71, 0, 0x8C, 1, 0x61, 0x68, 0, 0x73])),
        Oddity(
            testDescription: "half a million lists",
            pickle: Pickle.program([UInt8](repeating: 0x5D, count: 500_000))),
        // Each level holds the level below twice: 2^64 paths.
        Oddity(
            testDescription: "shared tuples in shared tuples",
            pickle: Pickle.program(
                [0x5D, 0x71, 0],
                (0..<64).flatMap { level -> [UInt8] in
                    [0x28, 0x68, UInt8(level), 0x68, UInt8(level), 0x74, 0x71, UInt8(level + 1)]
                })),
    ]

    @Test("survives cycles, sharing and many values", arguments: harmless)
    func survives(oddity: Oddity) throws {
        #expect(try PyTorchArchive(ByteSlice(ZipBuilder.model(pickle: oddity.pickle))).tensors.isEmpty)
    }

    static let badTensors: [(name: String, tensor: [UInt8], code: String)] = [
        ("storage longer than its entry", Pickle.tensor(count: 5), "storage_damaged"),
        ("storage of 2^62 elements", Pickle.tensor(count: 1 << 62), "storage_damaged"),
        ("no such entry", Pickle.tensor(key: "1"), "zip_entry_missing"),
        ("path out of the archive", Pickle.tensor(key: "../../data.pkl"), "zip_entry_missing"),
        ("one element too many", Pickle.tensor(shape: [5]), "tensor_out_of_bounds"),
        ("offset behind the end", Pickle.tensor(offset: 1), "tensor_out_of_bounds"),
        ("negative offset", Pickle.tensor(offset: -1), "tensor_out_of_bounds"),
        ("negative shape", Pickle.tensor(shape: [-1]), "tensor_out_of_bounds"),
        ("negative stride", Pickle.tensor(shape: [2], strides: [-1]), "tensor_out_of_bounds"),
        ("stride out of bounds", Pickle.tensor(shape: [2], strides: [4]), "tensor_out_of_bounds"),
        ("stride overflows", Pickle.tensor(shape: [3], strides: [.max]), "tensor_out_of_bounds"),
        (
            "stride zero repeats elements", Pickle.tensor(shape: [1 << 40], strides: [0]),
            "tensor_out_of_bounds"
        ),
        (
            "shape overflows with stride zero",
            Pickle.tensor(shape: [1 << 40, 1 << 40], strides: [0, 0]), "tensor_out_of_bounds"
        ),
        ("more strides than dimensions", Pickle.tensor(strides: [1, 1]), "tensor_out_of_bounds"),
        ("17 dimensions", Pickle.tensor(shape: Array(repeating: 1, count: 17)), "pickle_tensor_malformed"),
        ("unknown storage type", Pickle.tensor(storage: "ComplexFloatStorage"), "pickle_global_not_allowed"),
        ("negative element count", Pickle.tensor(count: -1), "pickle_tensor_malformed"),
    ]

    @Test("checks each tensor against its storage", arguments: badTensors)
    func checksTensors(bad: (name: String, tensor: [UInt8], code: String)) throws {
        let storage = [UInt8](repeating: 0, count: 16)
        let archive = ZipBuilder.model(pickle: Pickle.stateDictionary(bad.tensor), storages: [storage])
        let error = try #require(throws: CheckpointError.self) { try PyTorchArchive(ByteSlice(archive)) }
        #expect(error.code == bad.code)
    }

    @Test("reads transposed, shifted and empty views")
    func views() throws {
        func values(_ tensor: [UInt8]) throws -> [Float] {
            let storage = [1, 2, 3, 4].flatMap { le(Float($0).bitPattern) }
            let archive = ZipBuilder.model(pickle: Pickle.stateDictionary(tensor), storages: [storage])
            let tensors = try PyTorchArchive(ByteSlice(archive)).tensors
            #expect(tensors.map(\.name) == ["w"])
            return try #require(tensors.first).decoded()
        }
        #expect(try values(Pickle.tensor()) == [1, 2, 3, 4])
        #expect(try values(Pickle.tensor(offset: 1, shape: [3])) == [2, 3, 4])
        #expect(try values(Pickle.tensor(shape: [2, 2], strides: [1, 2])) == [1, 3, 2, 4])
        #expect(try values(Pickle.tensor(offset: 3, shape: [], strides: [])) == [4])
        #expect(try values(Pickle.tensor(shape: [0, 1 << 62, 8], strides: [1, 1, 1])) == [])
    }
}
