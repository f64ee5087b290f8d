namespace Lowrank.Torch;

/// <summary>How the weight W' of a <see cref="FactoredLinear"/> depends on W and its leaves.</summary>
/// <param name="Build">W' from W and the leaves, in W's dtype, without a graph; null where a map of the answer always does as well.</param>
/// <param name="Gradients">The leaves' gradients, in their order, from the pass and the leaves.</param>
public sealed record LinearFactors(Func<Tensor, Tensor[], Tensor>? Build, Func<LinearPass, Tensor[], Tensor?[]> Gradients)
{
    /// <summary>Whether <see cref="Gradients"/> asks for the answer; it is kept as a view, which costs nothing where the next layer keeps
    /// it too.</summary>
    public bool KeepsAnswer { get; init; }

    /// <summary>N with W' = Nᵀ·W, so that x W'ᵀ is (x Wᵀ)·N; null where W' is no such product.</summary>
    public TokenMap? OfAnswer { get; init; }

    /// <summary>M with W' = W·Mᵀ, so that x W'ᵀ is (x·M) Wᵀ; null where W' is no such product.</summary>
    public TokenMap? OfInput { get; init; }

    /// <summary>D with W' = W + Dᵀ, in parts that make x·D cheap, so that x W'ᵀ is x Wᵀ + x·D; null where W' is no such sum.</summary>
    public TokenMap? Added { get; init; }

    // A map goes over all of W twice, or over the tokens twice.
    bool MapsAnswer(long tokens, Tensor weight) => OfAnswer is not null && (Build is null || tokens < weight.shape[1]);

    bool MapsInput(long tokens, Tensor weight) => OfInput is not null && tokens < weight.shape[0];

    bool Adds(long tokens, Tensor weight) => Added is not null && tokens < weight.shape[0] && tokens < weight.shape[1];

    // No view: libtorch lets nobody change a custom function's view in place.
    internal Tensor Answer(Tensor x, Tensor weight, Tensor? bias, Tensor[] leaves)
    {
        long tokens = x.numel() / weight.shape[1];
        var rows = x.reshape(tokens, weight.shape[1]);
        if (MapsInput(tokens, weight)) return LinearProduct.Run(OfInput!.Forward(rows, leaves).view(x.shape), weight, bias);
        if (MapsAnswer(tokens, weight))
        {
            var y = LinearProduct.Run(x, weight);
            using var plain = y.view(tokens, weight.shape[0]);
            var mapped = OfAnswer!.Forward(plain, leaves);
            if (ReferenceEquals(mapped, plain)) return bias is null ? y : y.add_(bias);
            using var answer = mapped.view(y.shape);
            return bias is null ? answer.clone() : answer + bias;
        }
        if (!Adds(tokens, weight)) return LinearProduct.Run(x, Build!(weight, leaves), bias);
        var sum = LinearProduct.Run(x, weight, bias);
        return sum.add_(Added!.Forward(rows, leaves).view(sum.shape));
    }

    // From the answer's gradient (tokens, out), and from what the map makes of it if that is known.
    internal Tensor InputGradient(Tensor g, Tensor? turnedBack, Tensor weight, Tensor[] leaves)
    {
        long tokens = g.shape[0];
        if (MapsInput(tokens, weight)) return OfInput!.Transposed!(LinearProduct.Back(g, weight), leaves);
        if (MapsAnswer(tokens, weight)) return LinearProduct.Back(turnedBack ?? OfAnswer!.Transposed!(g, leaves), weight);
        if (Adds(tokens, weight)) return LinearProduct.Back(g, weight).add_(Added!.Transposed!(g, leaves));
        return LinearProduct.Back(g, Build!(weight, leaves));
    }
}
