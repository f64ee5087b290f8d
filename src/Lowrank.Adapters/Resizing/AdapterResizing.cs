namespace Lowrank.Adapters;

/// <summary>Makes a LoRA of another rank of any adapter.</summary>
/// <remarks>
/// A LoRA is resized in factor space: QR of both factors and the SVD of a core of the old rank's size; the change is never
/// built, and a layer's scale stays what it was. Any other method's change is built and decomposed. Ranks follow the
/// singular values as in sd-scripts 48d368f, resize_lora.py.
/// </remarks>
public static class AdapterResizing
{
    /// <summary>The resized adapter; the other stays as it is. Biases and norms are carried over.</summary>
    /// <param name="adapter">Of any method; those whose change depends on the base's
    /// weight ask for <see cref="ResizeOptions.Weights"/>.</param>
    /// <param name="options">Ranks and the way to them.</param>
    /// <param name="name">Name of the new adapter; null keeps the old one.</param>
    /// <param name="progress">Told of each target.</param>
    /// <exception cref="LowrankException">A method whose change is no change of the weight, or depends on weights
    /// that are not given; values that are not finite.</exception>
    public static ReworkedAdapter Resize(
        Adapter adapter, ResizeOptions options, string? name = null, IProgress<ReworkedTarget>? progress = null)
    {
        BesideLayers.RequireLayers(adapter, "resized");

        Rework.Made Resized(Reparameterization one)
        {
            SpoiltParts.Refuse(one, adapter.Name, "resized");
            return Resize(one, options);
        }

        return Rework.Targets(
            name ?? adapter.Name, adapter.Targets.Values, Resized, made => ResizedMetadata.Of(adapter.Metadata, made), progress,
            beside: adapter);
    }

    static Rework.Made Resize(Reparameterization one, ResizeOptions options)
    {
        var target = one.Target;
        // What is no change of low rank goes along as it is.
        bool isWhole = one is Replacement or TrainableTokens || target.Kind == LayerKind.Norm && one is Full or NormDifference;
        if (isWhole) return Rework.Copied(one);
        if (target.Kind == LayerKind.Norm)
            return Rework.Whole(target, Changes.MatrixOf(one, options.Weights), Changes.BiasOf(one, options.Weights));
        // A bias that takes the place of the layer's own goes on doing so.
        bool takesPlace = one is TrainedBias { IsWhole: true };
        var made = Changes.FactorsOf(one) is { } factors ? InFactorSpace(target, factors, options) : Decomposed(one, options);
        var with = takesPlace
            ? new TrainedBias(made.Reparameterization, one.Parts[^1].Value.detach())
            : Changes.WithBias(made.Reparameterization, Changes.BiasOf(one, options.Weights), one);
        return made with { Reparameterization = with };
    }

    static Rework.Made InFactorSpace(Target target, Factors factors, ResizeOptions options)
    {
        var svd = Rework.OfProduct(factors.Up, factors.Down, options.Rank.For(target), factors.Scale);
        var (up, down) = svd.Factors;
        return new(Rework.Lora(target, up, down, factors.Scale), new(target, factors.Rank, svd.Rank, svd.Spectrum, svd.Error));
    }

    static Rework.Made Decomposed(Reparameterization one, ResizeOptions options)
    {
        var target = one.Target;
        var svd = Rework.Decompose(Changes.MatrixOf(one, options.Weights), options.Rank.For(target), options.FullSvd, options.Tolerance);
        var (up, down) = svd.Factors;
        return new(Rework.Lora(target, up, down), new(target, null, svd.Rank, svd.Spectrum, svd.Error));
    }
}
