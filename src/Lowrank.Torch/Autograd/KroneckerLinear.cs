namespace Lowrank.Torch;

/// <summary>y = x (W + s·w1 ⊗ w2)ᵀ + b: LoKr on a linear layer, forward through the built weight or the factors, backward through the
/// factors.</summary>
/// <remarks>
/// With x as (m, n) and g as (l, k): ∂w2 = Σ (w1ᵀ g)ᵀ x over tokens and m, ∂w1 = Σ g (x w2ᵀ)ᵀ over tokens and k: thin products, where the
/// weight's own gradient would be as dear as the layer itself.
/// </remarks>
public static class KroneckerLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="w1">The outer factor (l, m), float32.</param>
    /// <param name="w2">The inner factor (k, n), float32, with l·k = out and m·n = in.</param>
    /// <param name="scale">s.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor w1, Tensor w2, double scale)
    {
        var (l, m, k, n) = (w1.shape[0], w1.shape[1], w2.shape[0], w2.shape[1]);
        if (l * k != weight.shape[0] || m * n != weight.shape[1] || x.shape[^1] != weight.shape[1])
            throw new ShapeException($"factors {w1.shape.Text()} and {w2.shape.Text()}, weight {weight.shape.Text()} " +
                $"and an input of width {x.shape[^1]} do not fit each other");
        return FactoredLinear.Run(x, weight, bias, [w1, w2], new(Build, Gradients) { Added = new(Forward, Transposed) });

        Tensor Build(Tensor w, Tensor[] factors) => addcmul(
            w.view(l, k, m, n), factors[0].to(w.dtype).view(l, 1, m, 1), factors[1].to(w.dtype).view(1, k, 1, n), scale).reshape(w.shape);

        Tensor?[] Gradients(LinearPass pass, Tensor[] factors)
        {
            var (outer, inner) = (factors[0].to(pass.X.dtype), factors[1].to(pass.X.dtype));
            var (input, g) = (pass.X.reshape(-1, n), pass.Gradient.reshape(-1, l, k));
            var mixed = Mixed(pass.Gradient, outer);
            var dInner = mixed.t().mm(input).to(ScalarType.Float32) * scale;
            var seen = nn.functional.linear(input, inner).view(-1, m, k);                        // x w2ᵀ
            var dOuter = g.bmm(seen.transpose(1, 2)).sum(dim: 0).to(ScalarType.Float32) * scale;
            return [dOuter, dInner];
        }

        // (w1ᵀ g), (tokens·m, k).
        Tensor Mixed(Tensor g, Tensor outer) => outer.t().matmul(g.reshape(-1, l, k)).reshape(-1, k);

        Tensor Forward(Tensor x, Tensor[] factors)
        {
            var seen = nn.functional.linear(x.reshape(-1, n), factors[1].to(x.dtype)).view(-1, m, k);
            return (factors[0] * scale).to(x.dtype).matmul(seen).reshape(-1, l * k);
        }

        Tensor Transposed(Tensor g, Tensor[] factors)
        {
            var mixed = Mixed(g, (factors[0] * scale).to(g.dtype));
            return mixed.mm(factors[1].to(g.dtype)).view(-1, m * n);
        }
    }
}
