namespace Lowrank.Training;

/// <summary>Which layers a recipe adapts, and how.</summary>
public sealed partial record NetworkSection
{
    /// <summary>Along which axis DoRA keeps norms.</summary>
    public static Words<DoraAxis?> DoraAxes { get; } = new(
        ("none", null, null), ("output", DoraAxis.Output, "one for each output, as usual"), ("input", DoraAxis.Input, null));

    /// <summary>The method's name.</summary>
    public string Method { get; init; } = "lora";

    /// <summary>Options of the method, name=value each.</summary>
    public IReadOnlyList<string> MethodArgs { get; init; } = [];

    /// <summary>The adapter that training begins with; empty begins with a fresh one.</summary>
    public string InitAdapter { get; init; } = "";

    /// <summary>Whether ranks and alphas are those of <see cref="InitAdapter"/>.</summary>
    public bool InitRanks { get; init; }

    /// <summary>Rank of linear and pointwise layers.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Numerator of the scale; null or 0 means the rank, as sd-scripts and LyCORIS take it in training.</summary>
    public double? Alpha { get; init; }

    /// <summary>The alpha that training takes.</summary>
    public double EffectiveAlpha => Alpha is > 0 and { } alpha ? alpha : Rank;

    /// <summary>Rank of convolutions with a kernel; 0 leaves them alone.</summary>
    public int ConvRank { get; init; }

    /// <summary>Alpha of convolutions with a kernel; null or 0 means their rank.</summary>
    public double? ConvAlpha { get; init; }

    /// <summary>Whether the scale is alpha/√rank.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Along which axis DoRA keeps norms: a word of <see cref="DoraAxes"/>.</summary>
    public string Dora { get; init; } = "none";

    /// <summary>Whether a trained number multiplies the change.</summary>
    public bool LearnedScalar { get; init; }

    /// <summary>Batches that are looked at where the factors begin with data.</summary>
    public int InitBatches { get; init; } = 8;

    /// <summary>The preset that chooses layers.</summary>
    public string Preset { get; init; } = "kohya";

    /// <summary>Patterns of layers beside the preset's.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Patterns of layers that are left alone.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Rules for some layers, as <see cref="TargetRule.Parse"/> reads them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether norms inside the preset's modules are trained.</summary>
    public bool TrainNorm { get; init; }

    /// <summary>Ranks by block of the UNet; empty for one rank.</summary>
    public IReadOnlyList<double> BlockRanks { get; init; } = [];

    /// <summary>Alphas by block.</summary>
    public IReadOnlyList<double> BlockAlphas { get; init; } = [];

    /// <summary>Ranks of convolutions with a kernel by block.</summary>
    public IReadOnlyList<double> BlockConvRanks { get; init; } = [];

    /// <summary>Alphas of convolutions with a kernel by block.</summary>
    public IReadOnlyList<double> BlockConvAlphas { get; init; } = [];

    /// <summary>Factors of the learning rate by block.</summary>
    public IReadOnlyList<double> BlockLearningRates { get; init; } = [];

    /// <summary>Whether the UNet is adapted.</summary>
    public bool TrainUnet { get; init; } = true;

    /// <summary>Whether the text encoders are adapted.</summary>
    public bool TrainTextEncoder { get; init; }

    /// <summary>Share of rank activations dropped; null means that of <see cref="InitAdapter"/>, or none.</summary>
    public double? Dropout { get; init; }

    /// <summary>Share of ranks dropped; null as of <see cref="Dropout"/>.</summary>
    public double? RankDropout { get; init; }

    /// <summary>Chance that a layer's adapter is left out of a step; null as of <see cref="Dropout"/>.</summary>
    public double? ModuleDropout { get; init; }

    /// <summary>Which layers it adapts, and how.</summary>
    /// <exception cref="LowrankException">A name that is not known, or a pattern, rule or argument that cannot be read.</exception>
    public AdaptationPlan ToPlan() => new()
    {
        Method = MethodNames.Named(Method),
        Options = new MethodOptions(Rank, Alpha is 0 ? null : Alpha)
        {
            RankStabilized = RankStabilized,
            Dora = DoraAxes.Of(Dora),
            LearnedScalar = LearnedScalar,
            Dropout = Dropout ?? 0,
            RankDropout = RankDropout ?? 0,
            ModuleDropout = ModuleDropout ?? 0,
        },
        Arguments = [.. MethodArgs.Select(TargetRule.Pair)],
        ConvolutionRank = ConvRank,
        ConvolutionAlpha = ConvAlpha is 0 ? null : ConvAlpha,
        Components = role => role == ComponentRole.TextEncoder ? TrainTextEncoder : TrainUnet,
        Preset = TargetPresets.Named(Preset),
        More = [.. Targets.Select(TargetPattern.Parse)],
        Except = [.. Exclude.Select(TargetPattern.Parse)],
        Norms = TrainNorm,
        Rules = [.. Rules.Select(TargetRule.Parse)],
        BlockRanks = BlockRanks,
        BlockAlphas = BlockAlphas,
        BlockConvolutionRanks = BlockConvRanks,
        BlockConvolutionAlphas = BlockConvAlphas,
        BlockRates = BlockLearningRates,
    };
}
