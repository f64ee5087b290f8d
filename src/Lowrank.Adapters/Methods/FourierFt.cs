namespace Lowrank.Adapters;

/// <summary>FourierFT: Δ = scaling·Re(ifft2(F)), F a spectrum (out, in) of a few trained entries at random, seeded places.</summary>
/// <remarks>
/// The spectrum is 0 at first (PEFT's init_weights=true; its default draws it normal and so changes the model). Source: Gao et
/// al. 2024, arXiv 2405.03003; places drawn as in PEFT 0.21.2.
/// </remarks>
sealed class FourierFt : AdditiveReparameterization
{
    readonly Parameter spectrum;
    readonly Tensor places;

    /// <summary>A FourierFT of a given spectrum.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="spectrum">(count): the trained entries.</param>
    /// <param name="options">Seed and scaling.</param>
    /// <exception cref="LowrankException">There are more entries than the weight has.</exception>
    public FourierFt(Target target, Tensor spectrum, FourierFtOptions options) : base(Descriptor, target)
    {
        Options = options with { Count = (int)spectrum.numel() };
        this.spectrum = Train("spectrum", spectrum, spectrum.numel());
        places = Keep("places", Places.Drawn(target, spectrum.numel(), options.Seed));
    }

    /// <summary>Seed and scaling.</summary>
    public FourierFtOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("spectrum", spectrum)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var empty = zeros(Target.Out * Target.In, dtype: weight.dtype, device: weight.device);
        var dense = empty.index_copy(0, places, spectrum.to(weight.dtype)).reshape(Target.Out, Target.In);
        return fft.ifft2(dense).real * Options.Scaling;
    }

    static FourierFt Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (FourierFtOptions)given;
        long count = Math.Min(options.Count, target.Out * target.In);
        return new FourierFt(target, options.BeginsAtZero ? begin.Zeros(count) : begin.Normal(1, count), options);
    }

    static FourierFt Stored(Target target, StoredParts parts) =>
        new(target, parts["spectrum"], parts.Options<FourierFtOptions>(Descriptor));

    /// <summary>FourierFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "fourierft", "Gao et al. 2024, arXiv 2405.03003", [new("spectrum", "(count)")], Fresh, Stored)
    {
        HasRank = false,
        HasAlpha = false,
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as FourierFtOptions ?? new FourierFtOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<FourierFtOptions>(
                "n_frequency", "trained entries of the spectrum (1000, or all)", (o, n) => o with { Count = n }, o => o.Count),
            MethodArgument.Number<FourierFtOptions>(
                "scaling", "factor of the change (150)", (o, n) => o with { Scaling = n }, o => o.Scaling),
            MethodArgument.Switch<FourierFtOptions>(
                "init_weights", "begin at 0, else normal, which changes the model at once, as PEFT does unless told (true)",
                (o, on) => o with { BeginsAtZero = on }),
            MethodArgument.Whole<FourierFtOptions>(
                "random_loc_seed", "seed of the entries' places (777)", (o, n) => o with { Seed = n }, o => o.Seed),
        ],
    };
}

/// <summary>How a FourierFT is made.</summary>
public sealed record FourierFtOptions : MethodOptions
{
    /// <summary>Whether the spectrum is 0 at first.</summary>
    public bool BeginsAtZero { get; init; } = true;

    /// <summary>With what every method is asked for; rank and alpha play no part.</summary>
    public FourierFtOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Trained entries of the spectrum, 1 or more; a smaller weight has all of its own.</summary>
    public int Count { get; init; } = 1000;

    /// <summary>Factor of the change.</summary>
    public double Scaling { get; init; } = 150;

    /// <summary>Seed of the entries' places.</summary>
    public int Seed { get; init; } = 777;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Count < 1) yield return $"n_frequency {Count} is not 1 or more";
        if (!double.IsFinite(Scaling)) yield return $"scaling {PlainValue.Text(Scaling)} is not a finite number";
    }
}
