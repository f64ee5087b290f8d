namespace Lowrank.Adapters;

/// <summary>
/// Which layers of a model are adapted, each with what method: a preset, more layers, fewer layers, rules, values for blocks.
/// </summary>
public sealed record AdaptationPlan
{
    /// <summary>The method where no rule says another.</summary>
    public required MethodName Method { get; init; }

    /// <summary>What is asked of it.</summary>
    public required MethodOptions Options { get; init; }

    /// <summary>The method's arguments.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Arguments { get; init; } = [];

    /// <summary>
    /// Rank of convolutions with a kernel; 0 leaves them alone where preset and method do not ask for them, and else is the rank.
    /// </summary>
    public int ConvolutionRank { get; init; }

    /// <summary>Alpha of convolutions with a kernel; null means their rank, or the alpha where the rank is not their own.</summary>
    public double? ConvolutionAlpha { get; init; }

    /// <summary>Components whose layers may be adapted.</summary>
    public Func<string, bool> Components { get; init; } = static _ => true;

    /// <summary>The choice that all begins with.</summary>
    public TargetPreset Preset { get; init; } = TargetPresets.All[0];

    /// <summary>Layers beside the preset's.</summary>
    public IReadOnlyList<TargetPattern> More { get; init; } = [];

    /// <summary>Layers that stay as they are.</summary>
    public IReadOnlyList<TargetPattern> Except { get; init; } = [];

    /// <summary>Whether norms inside the preset's modules are trained too, by the method "norm" (LyCORIS's train_norm).</summary>
    public bool Norms { get; init; }

    /// <summary>Rules for single layers; the first that matches a layer is taken.</summary>
    public IReadOnlyList<TargetRule> Rules { get; init; } = [];

    /// <summary>Ranks by block; 0 leaves a block alone.</summary>
    public IReadOnlyList<double> BlockRanks { get; init; } = [];

    /// <summary>Alphas by block.</summary>
    public IReadOnlyList<double> BlockAlphas { get; init; } = [];

    /// <summary>Ranks of convolutions with a kernel by block; 0 leaves them alone.</summary>
    public IReadOnlyList<double> BlockConvolutionRanks { get; init; } = [];

    /// <summary>Alphas of convolutions with a kernel by block.</summary>
    public IReadOnlyList<double> BlockConvolutionAlphas { get; init; } = [];

    /// <summary>Factors of the learning rate by block; 0 leaves a block alone.</summary>
    public IReadOnlyList<double> BlockRates { get; init; } = [];

    /// <summary>Whether convolutions with a kernel are adapted.</summary>
    public bool Convolves => ConvolutionRank > 0 || Preset.Convolutions || Method.Convolutions || BlockConvolutionRanks.Any(rank => rank > 0);

    /// <summary>The layers with what each gets, in the model's order.</summary>
    /// <exception cref="LowrankException">A pattern or rule that chooses nothing (with the nearest names), an argument that a method lacks,
    /// a list of the wrong length, or nothing to adapt.</exception>
    /// <param name="model">The model.</param>
    /// <param name="note">Is told which of the preset's layers the method cannot adapt and are
    /// left alone; layers that are named must be adaptable.</param>
    public IReadOnlyList<PlannedTarget> For(ModelDescription model, Action<string>? note = null)
    {
        var places = TargetPlace.In(model).Where(place => Components(place.Component)).ToList();
        var chosen = Choose(places);
        foreach (var pattern in More.Concat(Except)) RefuseIdle(pattern, pattern.Text, places, places);
        foreach (var rule in Rules) RefuseIdle(rule.Match, $"the rule for {rule.Match}", chosen, places);
        var blocks = new Blocks(
            List("block_ranks", BlockRanks), List("block_alphas", BlockAlphas), List("block_conv_ranks", BlockConvolutionRanks),
            List("block_conv_alphas", BlockConvolutionAlphas), List("block_learning_rates", BlockRates));
        var all = chosen.Select(place => (Place: place, Planned: Plan(place, blocks))).Where(p => p.Planned is not null).Select(p => (p.Place, Planned: p.Planned!)).ToList();
        var refused = all.Where(p => !IsNamed(p.Place)).Select(p => (p.Planned, Reason: p.Planned.Method.Refuses(p.Planned.Target, p.Planned.Method.OwnOptions(p.Planned.Options)))).Where(r => r.Reason is not null).ToList();
        string left = refused.Count == 0 ? "" : $"{refused[0].Planned.Method.Name} leaves {refused.Count} layers alone, such as {refused[0].Planned.Target}: {refused[0].Reason}";
        if (refused.Count == all.Count) throw new LowrankException($"preset {Preset.Name} and the patterns beside it choose no layer that {Method.Name} can adapt{(left.Length > 0 ? $"; {left}" : "")}");
        if (left.Length > 0) note?.Invoke(left);
        var without = refused.Select(r => r.Planned).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. all.Select(p => p.Planned).Where(p => !without.Contains(p))];

        BlockList? List(string field, IReadOnlyList<double> values) =>
            values.Count == 0 ? null : BlockList.Of(field, values, model.Family);
    }

    bool IsNamed(TargetPlace place) => More.Any(p => p.Names(place)) || Rules.FirstOrDefault(r => r.Match.Chooses(place)) is { Method: not null };

    sealed record Blocks(BlockList? Ranks, BlockList? Alphas, BlockList? ConvolutionRanks, BlockList? ConvolutionAlphas, BlockList? Rates);

    List<TargetPlace> Choose(List<TargetPlace> places)
    {
        var roles = places.Select(place => place.Role).Distinct();
        var patterns = roles.ToDictionary(role => role, role => Preset.PatternsFor(role, Convolves));
        return [.. places.Where(place => !Except.Any(p => p.Chooses(place)) && (OfPreset(place) || More.Any(p => p.Chooses(place) && (IsMatrix(place) || p.Names(place)))))];

        bool OfPreset(TargetPlace place)
        {
            if (!patterns[place.Role].Any(p => p.Chooses(place))) return false;
            return place.Target.Kind == LayerKind.Norm ? Norms || OfNorms : !OfNorms && IsMatrix(place) && (!place.Target.IsSpatial || Convolves);
        }
    }

    // A method for norms alone: the preset's norms are meant, not its matrices.
    bool OfNorms => Method.Method.Refuses(new Target("", LayerKind.Norm, [8]), Method.Method.OwnOptions(Options)) is null
        && Method.Method.Refuses(new Target("", LayerKind.Linear, [8, 8]), Method.Method.OwnOptions(Options)) is not null;

    static bool IsMatrix(TargetPlace place) => place.Target.Kind is not (LayerKind.Embedding or LayerKind.Norm);

    static void RefuseIdle(TargetPattern pattern, string what, List<TargetPlace> among, List<TargetPlace> all)
    {
        if (among.Any(pattern.Chooses)) return;
        if (all.FirstOrDefault(pattern.Chooses) is { } place)
            throw new LowrankException($"{what} matches {all.Count(pattern.Chooses)} layers such as {place.Target.Path}, and none of them is adapted; choose them by preset or targets first");
        throw new LowrankException($"{what} matches no layer of the model (nearest: {string.Join(", ", pattern.Nearest(all))})");
    }

    PlannedTarget? Plan(TargetPlace place, Blocks blocks)
    {
        var (target, rule) = (place.Target, Rules.FirstOrDefault(r => r.Match.Chooses(place)));
        if (rule?.Method == TargetRule.None) return null;
        var name = rule?.Method is { } other ? MethodNames.Named(other) : target.Kind == LayerKind.Norm && !OfNorms ? MethodNames.Named("norm") : Method;
        bool ownConvolution = target.IsSpatial && (ConvolutionRank > 0 || blocks.ConvolutionRanks is not null);
        var (rank, alpha) = ownConvolution
            ? Sized(ConvolutionRank, ConvolutionAlpha, blocks.ConvolutionRanks?.For(place), blocks.ConvolutionAlphas?.For(place))
            : Sized(Options.Rank, target.IsSpatial && ConvolutionAlpha is not null ? ConvolutionAlpha : Options.Alpha, blocks.Ranks?.For(place), blocks.Alphas?.For(place));
        if (rule?.Rank is { } given) rank = given;
        double factor = blocks.Rates?.For(place) ?? 1;
        if (rank == 0 || factor == 0) return null;
        // Another method does not know the arguments of the plan's own.
        bool sameMethod = name.Method == Method.Method;
        List<KeyValuePair<string, string>> arguments = [.. sameMethod ? Arguments : [], .. rule?.Arguments ?? []];
        if (Preset.OnInput.Any(p => TargetPattern.Parse(p).Chooses(place)) && name.Method.Arguments.Any(a => a.Name == OnInput)) arguments.Insert(0, new(OnInput, "true"));
        return new PlannedTarget(target, name.Method, name.Options(Options with { Rank = rank, Alpha = rule?.Alpha ?? alpha }, arguments))
        {
            LearningRate = rule?.LearningRate, RateFactor = factor,
        };
    }

    const string OnInput = "train_on_input";

    static (int Rank, double? Alpha) Sized(int rank, double? alpha, double? blockRank, double? blockAlpha) => ((int)(blockRank ?? rank), blockAlpha ?? alpha);
}
