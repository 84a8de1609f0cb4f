// SPDX-License-Identifier: MIT
import Tensors

/// The names that saved models need, and what REDUCE or NEWOBJ on them means here.
///
/// Each one is written by `torch.save` or `torch.jit.save` for a state dict or a module.
enum PickleGlobals {
    enum Meaning {
        /// An empty dictionary, or one from a list of pairs.
        case orderedDictionary
        /// A tensor view from storage, offset, shape and strides.
        case tensor
        /// The first argument, unchanged.
        case firstArgument
        /// A TorchScript class: an object that only holds attributes.
        case module
        /// A storage type: may only appear in a persistent identifier.
        case storage(ElementType)
    }

    static func meaning(of global: PickleGlobal) throws(PickleError) -> Meaning {
        if let meaning = table[global.qualifiedName] { return meaning }
        if global.module == "__torch__" || global.module.hasPrefix("__torch__.") { return .module }
        throw .globalNotAllowed(name: String(global.qualifiedName.prefix(200)))
    }

    private static let table: [String: Meaning] = [
        "collections.OrderedDict": .orderedDictionary,
        "torch._utils._rebuild_tensor_v2": .tensor,
        "torch._utils._rebuild_parameter": .firstArgument,
        "torch.Size": .firstArgument,
        "torch.jit._pickle.build_intlist": .firstArgument,
        "torch.jit._pickle.build_doublelist": .firstArgument,
        "torch.jit._pickle.build_boollist": .firstArgument,
        "torch.jit._pickle.build_tensorlist": .firstArgument,
        "torch.jit._pickle.restore_type_tag": .firstArgument,
        "torch.DoubleStorage": .storage(.float64),
        "torch.FloatStorage": .storage(.float32),
        "torch.HalfStorage": .storage(.float16),
        "torch.BFloat16Storage": .storage(.bfloat16),
        "torch.LongStorage": .storage(.int64),
        "torch.IntStorage": .storage(.int32),
        "torch.ShortStorage": .storage(.int16),
        "torch.CharStorage": .storage(.int8),
        "torch.ByteStorage": .storage(.uint8),
        "torch.BoolStorage": .storage(.bool),
    ]
}
