namespace Lowrank.Adapters;

/// <summary>Makes an adapter target by target, each in a scope of its own.</summary>
static class Rework
{
    /// <summary>One target's result; null where it gets none.</summary>
    public sealed record Made(Reparameterization Reparameterization, ReworkedTarget Report);

    /// <summary>An adapter of the targets that are made.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="targets">What targets are made of.</param>
    /// <param name="make">Makes one; null leaves it out.</param>
    /// <param name="metadata">What its metadata are.</param>
    /// <param name="progress">Told of each target.</param>
    /// <param name="beside">The adapters whose words and virtual tokens go along.</param>
    public static ReworkedAdapter Targets<T>(
        string name, IEnumerable<T> targets, Func<T, Made?> make,
        Func<IReadOnlyList<Made>, IReadOnlyDictionary<string, string>>? metadata = null, IProgress<ReworkedTarget>? progress = null,
        params IReadOnlyList<Adapter> beside)
    {
        using var grad = no_grad();
        var made = new List<Made>();
        try
        {
            foreach (var target in targets)
            {
                using var scope = NewDisposeScope();
                if (make(target) is not { } one) continue;
                made.Add(one);
                progress?.Report(one.Report);
            }
        }
        catch
        {
            made.ForEach(m => m.Reparameterization.Dispose());
            throw;
        }
        var adapter = new Adapter(name, [.. made.Select(m => m.Reparameterization)], metadata?.Invoke(made))
        {
            Embeddings = BesideLayers.Words(beside),
            Prompt = beside.Select(one => one.Prompt).OfType<VirtualPrompt>().Select(BesideLayers.Copy).SingleOrDefault(),
        };
        return new ReworkedAdapter(adapter, [.. made.Select(m => m.Report)]);
    }

    // Up to this many singular values all of them cost next to nothing.
    const int Small = 128;

    /// <summary>The first terms of a change, by random projections unless the full decomposition is asked for.</summary>
    public static TruncatedSvd Decompose(Tensor change, RankRule rule, bool full, double tolerance = 0.01)
    {
        bool isSmall = Math.Min(change.shape[0], change.shape[1]) <= Small;
        if (!full && !isSmall) return RandomizedSvd.Of(change, rule, tolerance);
        var all = TruncatedSvd.Full(change);
        return all.Truncate(rule.Choose(all.Spectrum)!.Value);
    }

    /// <summary>The first terms of a product of factors, in factor space.</summary>
    /// <remarks>
    /// A rank that the factors do not have is filled with orthonormal rows of down that an up of zeros
    /// makes ineffective, so that training can go on from there.
    /// </remarks>
    public static TruncatedSvd OfProduct(Tensor up, Tensor down, RankRule rule, double scale = 1)
    {
        (up, down) = OfSomeRank(up, down);
        var svd = TruncatedSvd.OfProduct(up, down);
        // The rule sees the change's own values; the factors keep theirs.
        svd = svd with { Spectrum = svd.Spectrum.Scaled(Math.Abs(scale)) };
        int rank = rule.Choose(svd.Spectrum)!.Value;
        if (rank <= svd.Rank) return svd.Truncate(rank);
        using var generator = new Generator(0);
        int more = rank - svd.Rank;
        var wideUp = cat([up, zeros(up.shape[0], more, device: up.device)], 1);
        var wideDown = cat([down, randn(more, down.shape[1], generator: generator, device: CPU).to(down.device)], 0);
        return TruncatedSvd.OfProduct(wideUp, wideDown).Truncate(rank) with { Spectrum = svd.Spectrum };
    }

    /// <summary>A change that is held whole, and the change of a bias beside it.</summary>
    public static Made Whole(Target target, Tensor change, Tensor? bias)
    {
        Reparameterization made = target.Kind == LayerKind.Norm
            ? new NormDifference(target, change.reshape(-1), bias)
            : new Full(target, target.FromMatrix(change), bias);
        return new(made, new ReworkedTarget(target, null, 0, null, 0));
    }

    /// <summary>The same once more.</summary>
    public static Made Copied(Reparameterization one)
    {
        var parts = one.Parts.ToDictionary(part => part.Part, part => part.Value.detach());
        return new(one.Method.FromParts(one.Target, new StoredParts(parts)), new ReworkedTarget(one.Target, null, 0, null, 0));
    }

    // Factors of rank 0 change nothing, as those of one rank of zeros.
    static (Tensor Up, Tensor Down) OfSomeRank(Tensor up, Tensor down) => up.shape[1] > 0
        ? (up, down)
        : (zeros(up.shape[0], 1, device: up.device), zeros(1, down.shape[1], device: down.device));

    /// <summary>A LoRA of factors with scale <paramref name="scale"/>.</summary>
    public static Lora Lora(Target target, Tensor up, Tensor down, double scale = 1)
    {
        (up, down) = OfSomeRank(up, down);
        long rank = up.shape[1];
        return new Lora(target, down.reshape([rank, target.In, .. target.Kernel]), up, alpha: scale * rank);
    }
}
