namespace Lowrank.Workbench;

/// <summary>What is to be merged: adapters into a base model, adapters into one adapter, or base models with each other.</summary>
/// <param name="Output">The file or folder to be written: laid out as the base model is, or an adapter.</param>
public sealed record MergingRequest(string Output) : IJobRequest
{
    /// <summary>What adapters or models are merged into; where adapters become one adapter, what they are made for.</summary>
    public BaseModelChoice Base { get; init; } = new();

    /// <summary>Adapters, in the order in which they are merged.</summary>
    public IReadOnlyList<MergeChoice> Adapters { get; init; } = [];

    /// <summary>Other base models of a weighted sum; the base keeps what is left to 1.</summary>
    public IReadOnlyList<WeightedModel> Others { get; init; } = [];

    /// <summary>The base model of which the difference to <see cref="Minus"/> is added.</summary>
    public string? Plus { get; init; }

    /// <summary>The base model that is subtracted from <see cref="Plus"/>.</summary>
    public string? Minus { get; init; }

    /// <summary>How much of the difference is added.</summary>
    public double Times { get; init; } = 1;

    /// <summary>How adapters are made one: a name of <see cref="Combination.All"/>.</summary>
    /// <remarks>null merges them into the base; without a base, it concatenates them.</remarks>
    public string? Method { get; init; }

    /// <summary>Rank of the ways that decompose.</summary>
    /// <remarks>null takes that of <see cref="Combining"/>; without one, the largest that is merged.</remarks>
    public int? Rank { get; init; }

    /// <summary>The same of convolutions with a kernel.</summary>
    public int? ConvRank { get; init; }

    /// <summary>How adapters are made one; <see cref="Rank"/> comes before its rank.</summary>
    public CombineOptions Combining { get; init; } = new();

    /// <summary>
    /// Name of the dialect of one adapter; null takes that of the inputs, or where they differ <see cref="AdapterOutput.UsualDialect"/>.
    /// </summary>
    public string? Dialect { get; init; }

    /// <summary>As of <see cref="AdapterOutput.OptionalLevels"/>, of one adapter.</summary>
    public bool OptionalLevels { get; init; }

    /// <summary>dtype of what is written; null keeps that of the inputs.</summary>
    public ScalarType? Dtype { get; init; }

    /// <summary>Whether an existing output may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What adapters are computed with; "auto" is the fastest that this machine has.</summary>
    /// <remarks>Sums of models are made where they are read: there is one addition for each number that is read from a file.</remarks>
    public string Device { get; init; } = "auto";

    /// <summary>Fields that were given expressly, by their words ("conv rank"): one that the way does not use is a fault.</summary>
    public IReadOnlyCollection<string> Given { get; init; } = [];

    /// <summary>What is merged with what.</summary>
    public MergeWay Way
    {
        get
        {
            if (Plus is not null) return MergeWay.Difference;
            if (Others.Count > 0) return MergeWay.WeightedSum;
            return Base.Path is not null && Method is null ? MergeWay.AdaptersIntoModel : MergeWay.AdaptersIntoAdapter;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        string[] faults = [.. MixesModels ? FaultsOfModels() : FaultsOfAdapters()];
        // Which way was meant is not known before those are mended.
        return faults.Length > 0 ? faults : FaultsOfSettings().Concat(MergeSettings.Unused(Given, Way, OneAdapterBy));
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with
    {
        Base = Base.Placed(find),
        Adapters = [.. Adapters.Select(adapter => adapter with { Path = find(adapter.Path) })],
        Others = [.. Others.Select(other => other with { Path = find(other.Path) })],
        Plus = Plus is null ? null : find(Plus),
        Minus = Minus is null ? null : find(Minus),
    };

    Combination? OneAdapterBy => Way == MergeWay.AdaptersIntoAdapter ? Combination.Named(Method ?? Combination.Concatenated.Name) : null;

    IEnumerable<string> FaultsOfSettings()
    {
        if (Rank < 1) yield return $"`rank` is {Rank}; it must be 1 or more.";
        if (ConvRank < 1) yield return $"`conv rank` is {ConvRank}; it must be 1 or more.";
        if (Combining.Density is not (> 0 and <= 1))
            yield return $"`density` is {PlainValue.Text(Combining.Density)}; it must be above 0 and at most 1.";
        if (Combining.Clamp is { } clamp and not (>= 0 and <= 1))
            yield return $"`clamp` is {PlainValue.Text(clamp)}; it must be between 0 and 1.";
        if (!double.IsFinite(Times)) yield return $"`times` is {PlainValue.Text(Times)}; it must be a finite number.";
    }

    bool MixesModels => Others.Count > 0 || Plus is not null || Minus is not null;

    IEnumerable<string> FaultsOfModels()
    {
        if ((Plus is null) != (Minus is null)) yield return "`plus` and `minus` go together: base + times·(plus − minus).";
        if (Adapters.Count > 0 || Method is not null) yield return "Merge base models first and adapters into the result, in two calls.";
        if (Others.Count > 0 && Plus is not null)
            yield return "`with` is a weighted sum, and `plus` and `minus` add a difference: give one of the two.";
        if (Base.Path is null) yield return "Which model is it merged into? Give `base model`.";
        if (Dialect is not null || OptionalLevels) yield return NoDialect;
    }

    IEnumerable<string> FaultsOfAdapters()
    {
        if (Adapters.Count == 0) yield return "What is to be merged? Give an `adapter`, or a model with `with`.";
        if (Way == MergeWay.AdaptersIntoModel)
        {
            if (Dialect is not null || OptionalLevels) yield return NoDialect;
            yield break;
        }
        if (Adapters.FirstOrDefault(adapter => adapter.HasParts) is { } parts)
            yield return $"{parts.Path} has strengths of parts or blocks, which only a merge into a base model takes; " +
                "one adapter has one weight.";
        if (ConvRank is not null && Rank is null) yield return "`conv rank` needs `rank` beside it.";
    }

    const string NoDialect = "A base model has no dialect; leave out `to` and `text model`, or give `method` for one adapter.";
}
