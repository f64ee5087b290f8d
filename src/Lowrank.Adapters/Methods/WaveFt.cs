namespace Lowrank.Adapters;

/// <summary>WaveFT: Δ = scaling·(one step of a wavelet synthesis of F), F a few trained coefficients at random, seeded places.</summary>
/// <remarks>
/// F's quarters are, as PEFT 0.21.2 reads them: top left low·low, top right high rows and low columns, bottom left low
/// rows and high columns, bottom right high·high. F is padded by the filter's length less two, and what comes out is cut
/// at the middle. All is 0 at first. Source: arXiv 2505.12532.
/// </remarks>
sealed class WaveFt : AdditiveReparameterization
{
    readonly Parameter spectrum;
    readonly Tensor places;
    readonly Tensor? filters;
    readonly long height, width;

    /// <summary>A WaveFT of given coefficients.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="spectrum">(count): the trained coefficients.</param>
    /// <param name="options">Seed, scaling and wavelet.</param>
    /// <exception cref="LowrankException">There are more coefficients than the weight has entries.</exception>
    public WaveFt(Target target, Tensor spectrum, WaveFtOptions options) : base(Descriptor, target)
    {
        Options = options with { Count = (int)spectrum.numel() };
        this.spectrum = Train("spectrum", spectrum, spectrum.numel());
        using var scope = NewDisposeScope();
        var drawn = Places.Drawn(target, spectrum.numel(), options.Seed);
        (height, width) = (target.Out, target.In);
        if (options.Synthesis)
        {
            long padding = Wavelets.Low(options.Wavelet).Count - 2;
            (height, width) = (Even(target.Out + padding), Even(target.In + padding));
            var row = drawn.div(target.In, RoundingMode.floor) + (height - target.Out) / 2;
            var column = drawn.remainder(target.In) + (width - target.In) / 2;
            drawn = row * width + column;
            filters = Keep("filters", Filters(options.Wavelet));
        }
        places = Keep("places", drawn);
    }

    // (4, 1, length, length), one for each quarter.
    static Tensor Filters(string wavelet)
    {
        var low = tensor(Wavelets.Low(wavelet).ToArray(), ScalarType.Float32, CPU);
        var high = tensor(Wavelets.High(wavelet).ToArray(), ScalarType.Float32, CPU);
        return stack([outer(low, low), outer(high, low), outer(low, high), outer(high, high)]).unsqueeze(1);
    }

    static long Even(long size) => size + size % 2;

    /// <summary>Seed, scaling and wavelet.</summary>
    public WaveFtOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("spectrum", spectrum)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var empty = zeros(height * width, dtype: weight.dtype, device: weight.device);
        var dense = empty.index_copy(0, places, spectrum.to(weight.dtype)).reshape(height, width);
        if (filters is null) return dense * Options.Scaling;
        var quarters = dense.reshape(2, height / 2, 2, width / 2).permute(0, 2, 1, 3).reshape(1, 4, height / 2, width / 2);
        var synthesized = nn.functional.conv_transpose2d(quarters, filters.to(weight.dtype), strides: [2, 2]);
        var whole = synthesized.reshape(-1, width + filters.shape[^1] - 2);
        // What the filter reaches beyond both ends goes, and then what was padded.
        long reach = (2 * filters.shape[^1] - 3) / 2;
        Tensor Middle(Tensor t, int axis, long size)
        {
            long inside = t.shape[axis] - 2 * reach;
            return t.narrow(axis, reach + (inside - size) / 2, size);
        }
        return Middle(Middle(whole, 0, Target.Out), 1, Target.In) * Options.Scaling;
    }

    static WaveFt Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (WaveFtOptions)given;
        return new WaveFt(target, begin.Zeros(Math.Min(options.Count, target.Out * target.In)), options);
    }

    static WaveFt Stored(Target target, StoredParts parts) => new(target, parts["spectrum"], parts.Options<WaveFtOptions>(Descriptor));

    /// <summary>WaveFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new("waveft", "arXiv 2505.12532", [new("spectrum", "(count)")], Fresh, Stored)
    {
        HasRank = false,
        HasAlpha = false,
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as WaveFtOptions ?? new WaveFtOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<WaveFtOptions>(
                "n_frequency", "trained coefficients (2592, or all)", (o, n) => o with { Count = n }, o => o.Count),
            MethodArgument.Number<WaveFtOptions>(
                "scaling", "factor of the change (25)", (o, n) => o with { Scaling = n }, o => o.Scaling),
            MethodArgument.Whole<WaveFtOptions>(
                "random_loc_seed", "seed of the coefficients' places (777)", (o, n) => o with { Seed = n }, o => o.Seed),
            MethodArgument.Word<WaveFtOptions>(
                "wavelet_family", "the wavelet (db1)", Wavelets.Names, (o, name) => o with { Wavelet = name }, o => o.Wavelet),
            MethodArgument.Switch<WaveFtOptions>(
                "use_idwt", "whether coefficients are synthesized; else they are the change itself (true)",
                (o, on) => o with { Synthesis = on }, o => o.Synthesis),
        ],
    };
}

/// <summary>How a WaveFT is made.</summary>
public sealed record WaveFtOptions : MethodOptions
{
    /// <summary>With what every method is asked for; rank and alpha play no part.</summary>
    public WaveFtOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Trained coefficients, 1 or more; a smaller weight has all of its own.</summary>
    public int Count { get; init; } = 2592;

    /// <summary>Factor of the change.</summary>
    public double Scaling { get; init; } = 25;

    /// <summary>Seed of the coefficients' places.</summary>
    public int Seed { get; init; } = 777;

    /// <summary>The wavelet: db1 to db10, sym2 to sym10, coif1 to coif3.</summary>
    public string Wavelet { get; init; } = "db1";

    /// <summary>Whether the coefficients are synthesized; else they are entries of the change itself.</summary>
    public bool Synthesis { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Count < 1) yield return $"n_frequency {Count} is not 1 or more";
        if (!double.IsFinite(Scaling)) yield return $"scaling {PlainValue.Text(Scaling)} is not a finite number";
        if (!Wavelets.Names.Contains(Wavelet)) yield return $"wavelet_family {Wavelet} is none of {string.Join(", ", Wavelets.Names)}";
    }
}
