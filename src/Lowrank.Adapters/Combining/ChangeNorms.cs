namespace Lowrank.Adapters;

/// <summary>Frobenius norms of changes from their factors, without building them.</summary>
static class ChangeNorms
{
    // Above this many products of ranks the change itself is cheaper.
    const int Widest = 1024;

    /// <summary>‖Δ‖ at strength 1 of a change that does not depend on the base.</summary>
    public static double Of(AdditiveReparameterization change)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        if (Changes.FactorsOf(change) is { } factors) return Math.Abs(factors.Scale) * OfProduct(factors.Up, factors.Down);
        if (change is Lokr lokr) return Math.Abs(lokr.Scale) * lokr.Outer().norm().ToDouble() * lokr.Inner().norm().ToDouble();
        if (change is Loha loha && OfLoha(loha) is { } norm) return norm;
        return change.Delta(zeros(change.Target.Out, change.Target.Columns, device: change.Device)).norm().ToDouble();
    }

    /// <summary>
    /// The norm of what is added to weight and bias together at strength 1; null where it depends on the base's weight or bias.
    /// </summary>
    public static double? WithBias(Reparameterization made)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        if (Changes.OfWeight(made) is not AdditiveReparameterization { NeedsWeight: false } change) return null;
        if (!made.AdaptsBias) return Of(change);
        return Changes.SameOnAnyBias(made) is { } bias ? Math.Sqrt(Math.Pow(Of(change), 2) + Math.Pow(bias.norm().ToDouble(), 2)) : null;
    }

    // Null where the change itself is the cheaper road.
    static double? OfLoha(Loha loha)
    {
        var target = loha.Target;
        var parts = loha.Parts.ToDictionary(p => p.Part, p => p.Value.detach());
        if (parts.ContainsKey("t1")) return null;
        long products = loha.Rank * parts["w2b"].shape[0];
        if (products > Math.Min(Widest, Math.Min(target.Out, target.Columns))) return null;
        // A product of products of entries is one product of the factors' row-wise and column-wise products.
        var up = (parts["w1a"].unsqueeze(2) * parts["w2a"].unsqueeze(1)).reshape(target.Out, products);
        var down = (parts["w1b"].unsqueeze(1) * parts["w2b"].unsqueeze(0)).reshape(products, -1);
        return Math.Abs(loha.Scale) * OfProduct(up, down);
    }

    // ‖UD‖² = tr(UᵀU·DDᵀ), in float64, for it is a difference where factors cancel.
    static double OfProduct(Tensor up, Tensor down)
    {
        var (u, d) = (up.to(ScalarType.Float64), down.to(ScalarType.Float64));
        return Math.Sqrt(Math.Max(0, (u.t().Multiply(u) * d.Multiply(d.t())).sum().ToDouble()));
    }
}
