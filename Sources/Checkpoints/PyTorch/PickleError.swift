// SPDX-License-Identifier: MIT

/// Why a pickle was refused. Nothing of it has been executed.
package enum PickleError: Error, Equatable, Sendable {
    /// An instruction that no saved model needs.
    case opcodeNotAllowed(name: String, offset: Int)
    /// A name of a class or function that no saved model needs.
    case globalNotAllowed(name: String)
    /// A pickle protocol that PyTorch does not write.
    case protocolUnknown(Int)
    /// The pickle ends inside an instruction or without STOP.
    case truncated(offset: Int)
    /// A string is not UTF-8.
    case stringNotUTF8(offset: Int)
    /// An integer of more than 64 bits.
    case integerTooLarge(offset: Int)
    /// An instruction takes more from the stack than there is.
    case stackUnderflow(offset: Int)
    /// A memo entry is read that was never written.
    case memoMissing(key: Int)
    /// An instruction meets values of a kind that it cannot work on.
    case valueUnexpected(instruction: String, offset: Int)
    /// One of the limits on work and memory is exceeded.
    case limitExceeded(limit: String, value: Int)
    /// The arguments of a tensor are not those that PyTorch writes.
    case tensorMalformed(offset: Int)
}

extension PickleError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .opcodeNotAllowed: "pickle_opcode_not_allowed"
        case .globalNotAllowed: "pickle_global_not_allowed"
        case .protocolUnknown: "pickle_protocol_unknown"
        case .truncated: "pickle_truncated"
        case .stringNotUTF8: "pickle_string_not_utf8"
        case .integerTooLarge: "pickle_integer_too_large"
        case .stackUnderflow: "pickle_stack_underflow"
        case .memoMissing: "pickle_memo_missing"
        case .valueUnexpected: "pickle_value_unexpected"
        case .limitExceeded: "pickle_limit_exceeded"
        case .tensorMalformed: "pickle_tensor_malformed"
        }
    }

    package var description: String {
        switch self {
        case .opcodeNotAllowed(let name, let offset):
            "The pickle uses \(name) at byte \(offset), which no state dict needs. \(Self.advice)"
        case .globalNotAllowed(let name):
            "The pickle names \(name), expected only tensors and collections. \(Self.advice)"
        case .protocolUnknown(let version):
            "The pickle has protocol \(version), expected 2 to 5. Save it again with a current PyTorch."
        case .truncated(let offset):
            "The pickle ends at byte \(offset) inside an instruction. Download or save the file again."
        case .stringNotUTF8(let offset):
            "A string of the pickle at byte \(offset) is not UTF-8. \(Self.advice)"
        case .integerTooLarge(let offset):
            "An integer of the pickle at byte \(offset) has more than 64 bits. \(Self.advice)"
        case .stackUnderflow(let offset):
            "The pickle takes more values than it made at byte \(offset). The file is damaged; fetch it again."
        case .memoMissing(let key):
            "The pickle reads memo entry \(key), which it never wrote. The file is damaged; fetch it again."
        case .valueUnexpected(let instruction, let offset):
            "The pickle applies \(instruction) at byte \(offset) to a value of the wrong kind. \(Self.advice)"
        case .limitExceeded(let limit, let value):
            "The pickle exceeds \(value) \(limit), the limit for a model. \(Self.advice)"
        case .tensorMalformed(let offset):
            "The pickle describes a tensor at byte \(offset) with arguments that PyTorch does not write. "
                + Self.advice
        }
    }

    private static let advice =
        "Save only the state dict (torch.save(model.state_dict(), …)) or use safetensors."
}
