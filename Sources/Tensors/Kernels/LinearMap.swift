// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// What a linear map does with its product.
package enum Epilogue: Sendable {
    /// y = x Wᵀ + b
    case bias
    /// y = f(x Wᵀ + b)
    case activation(Activation)
    /// y = y + x Wᵀ + b
    case residual
}

/// `y ← epilogue(x · Wᵀ + b)`, the linear map of a transformer.
///
/// Each member of the team computes a range of output columns: it multiplies with its rows of W and finishes them
/// while they are in its cache.
///
/// - Parameters:
///   - x: Input, `[rows, inputs]`.
///   - weight: W, `[outputs, inputs]`, as PyTorch stores it.
///   - bias: b, `[outputs]`; nil for none.
///   - epilogue: What is done with the product.
///   - y: Output; takes as many rows into use as `x` has. With `.residual` its rows are read.
///   - outputs: Outputs wanted; nil for all.
///   - firstColumn: Column of `y` that receives the first of them.
///   - team: Threads that share the columns.
/// - Complexity: 2 · rows · inputs · outputs operations. Allocates nothing.
package func linearMap(
    _ x: borrowing Matrix, _ weight: ConstantMatrix, bias: ConstantVector?, _ epilogue: Epilogue,
    into y: inout Matrix, outputs: Range<Int>? = nil, firstColumn: Int = 0, team: borrowing ThreadTeam
) {
    let outputs = outputs ?? 0..<weight.rows
    precondition(x.columns == weight.columns, "input is \(x.shape), weights take \(weight.columns)")
    precondition(
        outputs.lowerBound >= 0 && outputs.upperBound <= weight.rows && firstColumn >= 0
            && firstColumn + outputs.count <= y.columns,
        "outputs \(outputs) of \(weight.rows) for column \(firstColumn) of \(y.shape)")
    precondition(bias == nil || bias?.count == weight.rows, "bias does not fit the weights")
    if case .activation = epilogue {
        precondition(bias != nil, "an activation is applied together with a bias")
    }
    y.useRows(x.rows)
    // Safe: the shapes were checked, and every pointer's owner outlives the call.
    let job = unsafe LinearMapJob(
        x: x.base, weight: weight.base + outputs.lowerBound * x.columns,
        bias: bias.map { unsafe $0.base + outputs.lowerBound }, y: y.base + firstColumn, stride: y.columns,
        rows: x.rows, inputs: x.columns, outputs: outputs.count, epilogue: epilogue)
    team.perform(job)
}

@safe private struct LinearMapJob: TeamJob {
    let x: UnsafePointer<Float>
    let weight: UnsafePointer<Float>
    let bias: UnsafePointer<Float>?
    let y: UnsafeMutablePointer<Float>
    let stride, rows, inputs, outputs: Int
    let epilogue: Epilogue

    init(
        x: UnsafeMutablePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        y: UnsafeMutablePointer<Float>, stride: Int, rows: Int, inputs: Int, outputs: Int, epilogue: Epilogue
    ) {
        unsafe self.x = UnsafePointer(x)
        unsafe self.weight = weight
        unsafe self.bias = bias
        unsafe self.y = y
        self.stride = stride
        self.rows = rows
        self.inputs = inputs
        self.outputs = outputs
        self.epilogue = epilogue
    }

    func run(as member: TeamMember) {
        // 32 columns fill the widest register tile that OpenBLAS uses.
        let columns = member.share(of: outputs, grain: 32)
        guard !columns.isEmpty else { return }
        let keep: Float =
            switch epilogue {
            case .residual: 1
            case .bias, .activation: 0
            }
        unsafe BLAS.multiply(
            x, inputs, byTransposeOf: weight + columns.lowerBound * inputs, inputs,
            into: y + columns.lowerBound,
            stride, m: rows, n: columns.count, k: inputs, keep: keep, clock: member.productClock)
        finish(columns)
    }

    /// Adds the bias to the member's columns and applies the activation.
    private func finish(_ columns: Range<Int>) {
        guard let bias = unsafe bias else { return }
        let part = unsafe y + columns.lowerBound
        var block = unsafe vector_block(
            rows: rows, columns: columns.count, x: part, x_stride: stride, y: part, y_stride: stride,
            bias: bias + columns.lowerBound, integers: nil)
        switch epilogue {
        case .bias, .residual: unsafe vector_add(&block)
        case .activation(.quickGELU): unsafe vector_add_quick_gelu(&block)
        case .activation(.gelu): unsafe vector_add_gelu(&block)
        }
    }
}
