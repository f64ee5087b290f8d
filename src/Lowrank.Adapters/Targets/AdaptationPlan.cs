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

    /// <summary>Whether layers of a component with that role may be adapted.</summary>
    public Func<ComponentRole, bool> Components { get; init; } = static _ => true;

    /// <summary>The choice that all begins with.</summary>
    public TargetPreset Preset { get; init; } = TargetPresets.Kohya;

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
    public bool Convolves => AsksForConvolutions || Preset.Convolutions || Method.Convolutions;

    bool AsksForConvolutions => ConvolutionRank > 0 || BlockConvolutionRanks.Any(rank => rank > 0);

    /// <summary>The layers with what each gets, in the model's order.</summary>
    /// <exception cref="LowrankException">A pattern or rule that chooses nothing (with the nearest names), an argument that a method lacks,
    /// a list of the wrong length, or nothing to adapt.</exception>
    /// <param name="model">The model.</param>
    /// <param name="note">Is told which of the preset's layers the method cannot adapt and are
    /// left alone; layers that are named must be adaptable.</param>
    public IReadOnlyList<PlannedTarget> For(ModelDescription model, Action<string>? note = null)
    {
        var places = TargetPlace.In(model).Where(place => Components(place.Role)).ToList();
        var chosen = Choose(places);
        foreach (var pattern in More.Concat(Except)) RefuseIdle(pattern, pattern.Text, places, places);
        foreach (var rule in Rules) RefuseIdle(rule.Match, $"the rule for {rule.Match}", chosen, places);

        var blocks = BlocksOf(model.Family);
        var planned = new List<PlannedTarget>();
        var refused = new List<(PlannedTarget Target, string Reason)>();
        foreach (var place in chosen)
        {
            if (Plan(place, blocks) is not { } one) continue;
            string? reason = IsNamed(place) ? null : one.Method.Refuses(one.Target, one.Method.OwnOptions(one.Options));
            if (reason is null) planned.Add(one);
            else refused.Add((one, reason));
        }
        string? left = refused.Count > 0 ? LeftAlone(refused[0].Target, refused.Count, refused[0].Reason) : null;
        if (planned.Count == 0) throw NothingToAdapt(left);
        if (left is not null) note?.Invoke(left);
        return planned;
    }

    static string LeftAlone(PlannedTarget first, int count, string reason) =>
        $"{first.Method.Name} leaves {count} layers alone, such as {first.Target}: {reason}";

    LowrankException NothingToAdapt(string? left)
    {
        string why = left is null ? "" : $"; {left}";
        return new($"preset {Preset.Name} and the patterns beside it choose no layer that {Method.Name} can adapt{why}");
    }

    // A layer that is named must be adaptable: its refusal is an error, and no note.
    bool IsNamed(TargetPlace place) => More.Any(p => p.Names(place)) || RuleFor(place) is { Method: not null };

    TargetRule? RuleFor(TargetPlace place) => Rules.FirstOrDefault(r => r.Match.Chooses(place));

    Blocks BlocksOf(ModelFamily family)
    {
        BlockList? List(string field, IReadOnlyList<double> values) => values.Count == 0 ? null : BlockList.Of(field, values, family);
        return new(
            List("block_ranks", BlockRanks),
            List("block_alphas", BlockAlphas),
            List("block_conv_ranks", BlockConvolutionRanks),
            List("block_conv_alphas", BlockConvolutionAlphas),
            List("block_learning_rates", BlockRates));
    }

    sealed record Blocks(BlockList? Ranks, BlockList? Alphas, BlockList? ConvolutionRanks, BlockList? ConvolutionAlphas, BlockList? Rates);

    List<TargetPlace> Choose(List<TargetPlace> places)
    {
        var roles = places.Select(place => place.Role).Distinct();
        var patterns = roles.ToDictionary(role => role, role => Preset.PatternsFor(role, Convolves));
        return [.. places.Where(IsChosen)];

        bool IsChosen(TargetPlace place)
        {
            if (Except.Any(p => p.Chooses(place))) return false;
            return OfPreset(place) || More.Any(p => Adds(p, place));
        }

        bool OfPreset(TargetPlace place)
        {
            if (!patterns[place.Role].Any(p => p.Chooses(place))) return false;
            if (place.Target.Kind == LayerKind.Norm) return Norms || OfNorms;
            if (OfNorms || !IsMatrix(place)) return false;
            return Convolves || !place.Target.IsSpatial;
        }
    }

    // Embeddings and norms are meant only where they are called by name.
    static bool Adds(TargetPattern pattern, TargetPlace place) => pattern.Chooses(place) && (IsMatrix(place) || pattern.Names(place));

    // A method for norms alone: the preset's norms are meant, not its matrices.
    bool OfNorms => Adapts(LayerKind.Norm, [8]) && !Adapts(LayerKind.Linear, [8, 8]);

    bool Adapts(LayerKind kind, long[] shape) =>
        Method.Method.Refuses(new Target("", kind, shape), Method.Method.OwnOptions(Options)) is null;

    static bool IsMatrix(TargetPlace place) => place.Target.Kind is not (LayerKind.Embedding or LayerKind.Norm);

    static void RefuseIdle(TargetPattern pattern, string what, List<TargetPlace> among, List<TargetPlace> all)
    {
        if (among.Any(pattern.Chooses)) return;
        if (all.FirstOrDefault(pattern.Chooses) is { } place)
            throw new LowrankException(
                $"{what} matches {all.Count(pattern.Chooses)} layers such as {place.Target.Path}, and none of them is adapted; " +
                "choose them by preset or targets first");
        throw new LowrankException($"{what} matches no layer of the model (nearest: {string.Join(", ", pattern.Nearest(all))})");
    }

    // Null where the layer is left alone.
    PlannedTarget? Plan(TargetPlace place, Blocks blocks)
    {
        var rule = RuleFor(place);
        if (rule?.Method == TargetRule.None) return null;
        var name = MethodFor(place, rule);
        var (rank, alpha) = SizeOf(place, blocks);
        rank = rule?.Rank ?? rank;
        double factor = blocks.Rates?.For(place) ?? 1;
        if (rank == 0 || factor == 0) return null;
        var options = Options with { Rank = rank, Alpha = rule?.Alpha ?? alpha };
        return new PlannedTarget(place.Target, name.Method, name.Options(options, ArgumentsFor(place, name, rule)))
        {
            LearningRate = rule?.LearningRate,
            RateFactor = factor,
        };
    }

    MethodName MethodFor(TargetPlace place, TargetRule? rule)
    {
        if (rule?.Method is { } other) return MethodNames.Named(other);
        return place.Target.Kind == LayerKind.Norm && !OfNorms ? MethodNames.Named("norm") : Method;
    }

    // Convolutions with a kernel may have a size of their own; where they have not, an alpha of their own still counts.
    (int Rank, double? Alpha) SizeOf(TargetPlace place, Blocks blocks)
    {
        bool isSpatial = place.Target.IsSpatial;
        if (isSpatial && (ConvolutionRank > 0 || blocks.ConvolutionRanks is not null))
            return Sized(ConvolutionRank, ConvolutionAlpha, blocks.ConvolutionRanks?.For(place), blocks.ConvolutionAlphas?.For(place));
        double? alpha = isSpatial ? ConvolutionAlpha ?? Options.Alpha : Options.Alpha;
        return Sized(Options.Rank, alpha, blocks.Ranks?.For(place), blocks.Alphas?.For(place));
    }

    static (int Rank, double? Alpha) Sized(int rank, double? alpha, double? blockRank, double? blockAlpha) =>
        ((int)(blockRank ?? rank), blockAlpha ?? alpha);

    // Another method does not know the arguments of the plan's own.
    List<KeyValuePair<string, string>> ArgumentsFor(TargetPlace place, MethodName name, TargetRule? rule)
    {
        var arguments = new List<KeyValuePair<string, string>>();
        bool hasSide = name.Method.Arguments.Any(a => a.Name == OnInput);
        if (hasSide && Preset.OnInput.Any(p => TargetPattern.Parse(p).Chooses(place))) arguments.Add(new(OnInput, "true"));
        if (name.Method == Method.Method) arguments.AddRange(Arguments);
        arguments.AddRange(rule?.Arguments ?? []);
        return arguments;
    }

    const string OnInput = "train_on_input";
}
