namespace Lowrank.Workbench;

/// <summary>The difference between a tuned model and its base that is to become an adapter.</summary>
/// <param name="Base">The model that was tuned; it must be given.</param>
/// <param name="TunedModel">The tuned model, in whichever layout.</param>
/// <param name="Output">The adapter to be written.</param>
public sealed record ExtractingRequest(BaseModelChoice Base, string TunedModel, AdapterOutput Output) : IJobRequest
{
    /// <summary>The programs after whose way one may extract, each with what it makes of the ranks.</summary>
    public static Words<Func<RankChoice, ExtractOptions>> Ways { get; } = new(
        ("kohya", ranks => ExtractOptions.Kohya(1) with { Rank = ranks }, "clamped at 0.99, text encoders only where they changed"),
        ("lycoris", ExtractOptions.Lycoris, "large layers whole, small convolutions"));

    /// <summary>Which ranks layers get; not asked for where changes are held whole.</summary>
    public RankSettings Ranks { get; init; } = new();

    /// <summary>Which layers are looked at; null takes those that the other settings suggest. Of a language model it is all.</summary>
    public ExtractedLayers? Layers { get; init; }

    /// <summary>Whether the text encoders are left out.</summary>
    public bool UnetOnly { get; init; }

    /// <summary>Whose way: null for none, or a word of <see cref="Ways"/>.</summary>
    public string? Like { get; init; }

    /// <summary>The quantile of their values within which factors are held; null does not hold them.</summary>
    public double? Clamp { get; init; }

    /// <summary>All but this share of what is left over is kept beside the factors; null keeps nothing of it.</summary>
    public double? SparseBias { get; init; }

    /// <summary>Whether every change is held whole, norms and biases too, rather than as factors.</summary>
    public bool Whole { get; init; }

    /// <summary>Whether changes are decomposed in full rather than by random projections.</summary>
    public bool FullSvd { get; init; }

    /// <summary>What computes; "auto" is the fastest that this machine has.</summary>
    public string Device { get; init; } = "auto";

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Base.Path is null) yield return "Over which base? Give `base model`.";
        bool isLikeKnown = Like is null || Ways.All.Contains(Like);
        if (!isLikeKnown) yield return $"`like` is {Like}, which is none of {string.Join(", ", Ways.All)}.";
        if (Clamp is { } clamp and not (>= 0 and <= 1)) yield return $"`clamp` is {PlainValue.Text(clamp)}; it must be between 0 and 1.";
        if (SparseBias is { } sparse and not (>= 0 and <= 1))
            yield return $"`sparse bias` is {PlainValue.Text(sparse)}; it must be between 0 and 1.";
        foreach (string fault in Whole ? FaultsOfWhole() : Ranks.Faults()) yield return fault;
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Base = Base.Placed(find), TunedModel = find(TunedModel) };

    IEnumerable<string> FaultsOfWhole()
    {
        List<string> given = [.. Ranks.Given()];
        if (Clamp is not null) given.Add("`clamp`");
        if (FullSvd) given.Add("`full svd`");
        if (SparseBias is not null) given.Add("`sparse bias`");
        if (given.Count == 0) yield break;
        yield return $"`whole` holds changes as they are, and {string.Join(", ", given)} would be of factors: leave one or the other out.";
    }

    internal ExtractedLayers ChosenLayers()
    {
        if (Layers is { } chosen) return chosen;
        if (Whole) return ExtractedLayers.All;
        return Ranks.TellsConvolutions ? ExtractedLayers.Residual : ExtractedLayers.Transformers;
    }

    internal string DescribeRanks() => Whole ? "whole" : Ranks.Describe();

    internal ExtractOptions Options()
    {
        var ranks = Whole ? RankChoice.Fixed(1) : Ranks.Choice();
        var options = Like is null ? new ExtractOptions(ranks) : Ways.Of(Like)(ranks);
        return options with { Clamp = Clamp ?? options.Clamp, Sparsity = SparseBias, Whole = Whole, FullSvd = FullSvd };
    }
}
