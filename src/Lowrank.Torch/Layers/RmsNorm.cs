namespace Lowrank.Torch.Layers;

/// <summary>
/// x / √(mean(x²) + eps) · (offset + weight) over the last axis (Zhang and Sennrich, arXiv 1910.07467), adaptable; weight (width).
/// </summary>
/// <remarks>The mean is taken in float32. Without an offset the quotient is rounded to x's dtype before the product, with one after it: as
/// Llama and Gemma have it.</remarks>
/// <param name="width">Length of the last axis.</param>
/// <param name="eps">Added to the mean.</param>
/// <param name="storage">Where and in which dtype the weight is kept.</param>
/// <param name="offset">Added to the weight: 1 where files hold what the scale differs from 1 by, as Gemma's.</param>
public sealed class RmsNorm(long width, double eps = 1e-6, Storage? storage = null, double offset = 0)
    : AdaptableLayer(nameof(RmsNorm), storage, [width], 0)
{
    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Norm;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        var scaled = Scaled(x, weight);
        return bias is null ? scaled : scaled + Like(bias, x);
    }

    /// <summary>The layer's answer for few tokens, into others of the same width.</summary>
    /// <param name="x">The tokens: of the layer's width, or several such vectors each, as heads are.</param>
    /// <param name="answer">What is written; may be the tokens themselves.</param>
    /// <param name="dtype">In which the model computes: what adapters are asked in.</param>
    /// <exception cref="ShapeException">They are not made of vectors of the layer's width.</exception>
    /// <exception cref="LowrankException">This thread may not take this way (<see cref="TokenRows.ArePossible"/>).</exception>
    public void Run(TokenRows x, TokenRows answer, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(answer);
        TokenRows.RefuseImpossible();
        if (x.Width % width != 0) x.Expect(x.Count, width, "inputs of the norm");
        answer.Expect(x.Count, x.Width, "answers of the norm");
        bool isPlain = Host is null && TokenRows.MayPass(this) && Weight is not IPackedWeight && width % Lanes.Count == 0;
        if (isPlain && Weight.Dense() is { } weight && FewRows.IsPlain(weight)) RowNorm.Run(x, weight, (int)width, eps, offset, answer);
        else
        {
            using var scope = NewDisposeScope();
            answer.Take(call(x.Told(dtype).view(x.Count, 1, x.Width / width, width)));
        }
    }

    Tensor Scaled(Tensor x, Tensor weight)
    {
        if (!Checkpoint.IsRepeated && RowNorm.Suits(x, weight)) return RowNorm.Run(x, weight, eps, offset);
        if (offset != 0) return AtenOperators.RmsNormAround(x, weight, eps, offset);
        return x.dtype is ScalarType.BFloat16 or ScalarType.Float16
            ? AtenOperators.RmsNormRounded(x, Like(weight, x), eps)
            : AtenOperators.RmsNorm(x, Like(weight, x), eps);
    }
}
