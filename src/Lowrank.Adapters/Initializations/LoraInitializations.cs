using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>Every way in which a LoRA's factors begin.</summary>
public static class LoraInitializations
{
    const string Iterations = "pissa_niter_";

    static readonly NamedList<LoraInitialization> list = new("way in which a LoRA begins", way => [way.Name],
        new("kaiming", "down uniform in ±1/sqrt(fan_in), up zero: PyTorch's, kohya's, LyCORIS's and PEFT's default",
            (target, options, begin) => WithZeroUp(target, options, begin, begin.Kaiming)),
        new("kaiming_he", "down uniform in ±sqrt(6/fan_in), up zero: He et al. 2015, arXiv 1502.01852",
            (target, options, begin) => WithZeroUp(target, options, begin, shape => begin.Uniform(Math.Sqrt(6.0 / FanIn(shape)), shape))),
        new("gaussian", "down normal with deviation 1/rank, up zero: PEFT's gaussian, cloneofsimo's lora",
            (target, options, begin) => WithZeroUp(target, options, begin, shape => begin.Normal(1.0 / options.Rank, shape))),
        new("random", "both factors uniform in ±1/sqrt(fan_in), so that the model changes at once: for tests", Random) { Refuses = Plain },
        new("orthogonal", "two random factors of orthogonal ranks, whose product is zero: PEFT's orthogonal", Orthogonal)
        {
            Refuses = Even,
        },
        new("lora_fa",
            "down normal with deviation sqrt(2/(in + rank)) and frozen, up zero: kohya's LoRA-FA, Zhang et al. 2023, arXiv 2308.03303",
            FrozenDown)
        {
            Refuses = NoEmbedding,
        },
        new("pissa", "the weight's largest singular vectors: Meng et al. 2024, arXiv 2404.02948",
            (target, options, begin) => Pissa(options, LowRankSvd.Exact(begin.Weight, options.Rank)))
        {
            TakesStartOff = true, Refuses = Thin,
        },
        new("olora", "the weight's QR: Büyükakyüz 2024, arXiv 2406.01775", Olora) { TakesStartOff = true, Refuses = Thin },
        new("mica", "up the weight's smallest left singular vectors and frozen, down zero: PEFT's mica", Mica) { Refuses = Thin },
        new("eva", "down the main directions of what the layer is asked, up zero: Paischer et al. 2024, arXiv 2410.07170", Eva)
        {
            NeedsInputs = true, Refuses = Seen,
        },
        new("corda",
            "the largest singular vectors of weight times inputs' covariance: Yang et al. 2024, arXiv 2406.05223, instruction-previewed",
            (target, options, begin) => Corda(target, options, begin, smallest: false))
        {
            TakesStartOff = true, NeedsInputs = true, Refuses = Seen,
        },
        new("corda_kpm", "the smallest ones: the same paper, knowledge-preserving",
            (target, options, begin) => Corda(target, options, begin, smallest: true))
        {
            TakesStartOff = true, NeedsInputs = true, Refuses = Seen,
        });

    /// <summary>
    /// The list; the first is the default. <c>pissa_niter_16</c> and its like are PiSSA by a randomised decomposition of that many
    /// iterations.
    /// </summary>
    public static IReadOnlyList<LoraInitialization> All => list.All;

    /// <summary>Adds a way, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or the name is taken.</exception>
    public static void Add(LoraInitialization way) => list.Add(way);

    /// <summary>The one of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static LoraInitialization Named(string name)
    {
        if (name == "loftq")
            throw new LowrankException("LoftQ begins from a base rounded to 4 bits, and this base is not: " +
                "LoftQ.Of gives the rounded weight with the factors that go with it");
        return Randomised(name) is { } iterations ? PissaIn(iterations, name) : list.Named(name);
    }

    static int? Randomised(string name)
    {
        if (!name.StartsWith(Iterations, StringComparison.Ordinal)) return null;
        return int.TryParse(name[Iterations.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;
    }

    static LoraInitialization PissaIn(int iterations, string name) => list.Named("pissa") with
    {
        Name = name,
        Make = (_, options, begin) =>
            Pissa(options, LowRankSvd.Randomised(begin.Weight, options.Rank, iterations, begin.Generator)),
    };

    static long FanIn(long[] shape) => shape[1..].Aggregate(1L, (product, axis) => product * axis);

    // down and a core drawn, up zero: the other way round for an embedding, so that only words which training meets change.
    static LoraFactors WithZeroUp(Target target, LoraOptions options, Initialization begin, Func<long[], Tensor> draw)
    {
        long rank = options.Rank;
        if (target.Kind == LayerKind.Embedding)
            return new(zeros([rank, target.In], device: CPU), begin.Normal(1, target.Out, rank));
        bool core = options.Tucker && target.IsSpatial;
        long[] ones = [.. target.Kernel.Select(_ => 1L)], upShape = [target.Out, rank, .. ones];
        var down = draw([rank, target.In, .. core ? ones : target.Kernel]);
        var mid = core ? draw([rank, rank, .. target.Kernel]) : null;
        return new(down, options.LearnedScalar ? begin.Kaiming(upShape) : zeros(upShape, device: CPU), mid);
    }

    static LoraFactors Random(Target target, LoraOptions options, Initialization begin) =>
        new(begin.Kaiming(options.Rank, target.Columns), begin.Kaiming(target.Out, options.Rank));

    static LoraFactors FrozenDown(Target target, LoraOptions options, Initialization begin)
    {
        var factors = WithZeroUp(target, options, begin, shape => begin.Normal(Math.Sqrt(2.0 / (FanIn(shape) + options.Rank)), shape));
        return factors with { FreezesDown = true };
    }

    static LoraFactors Eva(Target target, LoraOptions options, Initialization begin) =>
        new(begin.Inputs(target).Components(options.Rank), zeros([target.Out, options.Rank], device: CPU));

    static LoraFactors Orthogonal(Target target, LoraOptions options, Initialization begin)
    {
        long rank = options.Rank;
        var q = linalg.qr(randn([rank, rank], device: CPU, generator: begin.Generator)).Q;
        var (odd, even) = (q[TensorIndex.Slice(0, null, 2)], q[TensorIndex.Slice(1, null, 2)]);
        var down = randn([target.Columns, rank / 2], device: CPU, generator: begin.Generator).mm(odd).t() / 10;
        var up = randn([rank / 2, target.Out], device: CPU, generator: begin.Generator).t().mm(even) / 10;
        return new(down, up);
    }

    static double Scale(LoraOptions options) => options.StoredAlpha(options.Rank) / options.Rank;

    static LoraFactors Pissa(LoraOptions options, (Tensor Left, Tensor Values, Tensor Right) svd)
    {
        var root = (svd.Values / Scale(options)).sqrt();
        return new(root.unsqueeze(1) * svd.Right, svd.Left * root);
    }

    static LoraFactors Olora(Target target, LoraOptions options, Initialization begin)
    {
        var (q, r) = linalg.qr(begin.Weight);
        return new(r[TensorIndex.Slice(0, options.Rank)], q[TensorIndex.Colon, TensorIndex.Slice(0, options.Rank)]);
    }

    static LoraFactors Mica(Target target, LoraOptions options, Initialization begin)
    {
        var (left, _, _) = linalg.svd(begin.Weight, fullMatrices: false);
        var smallest = left[TensorIndex.Colon, TensorIndex.Slice(left.shape[1] - options.Rank)];
        return new(zeros([options.Rank, target.Columns], device: CPU), smallest) { FreezesUp = true };
    }

    static LoraFactors Corda(Target target, LoraOptions options, Initialization begin, bool smallest)
    {
        var (covariance, inverse) = begin.Inputs(target).Covariance();
        var (left, values, right) = linalg.svd(begin.Weight.mm(covariance), fullMatrices: false);
        long first = smallest ? values.shape[0] - options.Rank : 0;
        var range = TensorIndex.Slice(first, first + options.Rank);
        var root = (values[range] / Scale(options)).sqrt();
        return new(root.unsqueeze(1) * right[range].mm(inverse), left[TensorIndex.Colon, range] * root);
    }

    static string? Plain(Target target, LoraOptions options)
    {
        if (options.Tucker && target.IsSpatial) return "a core has no such beginning";
        return options.LearnedScalar ? "a learned scalar begins at 0, and so does the change without it" : null;
    }

    static string? Even(Target target, LoraOptions options)
    {
        if (Plain(target, options) is { } reason) return reason;
        return options.Rank % 2 == 0 ? null : $"orthogonal ranks need an even rank, and {options.Rank} is odd";
    }

    static string? NoEmbedding(Target target, LoraOptions options) =>
        target.Kind == LayerKind.Embedding ? "an embedding's down begins at zero, and frozen it would stay there" : null;

    static string? Thin(Target target, LoraOptions options)
    {
        if (Plain(target, options) is { } reason) return reason;
        long most = Math.Min(target.Out, target.Columns);
        return options.Rank > most ? $"rank {options.Rank} is more than the weight has ({most})" : null;
    }

    static string? Seen(Target target, LoraOptions options)
    {
        if (Thin(target, options) is { } reason) return reason;
        bool isSeen = target.Kind is not (LayerKind.Embedding or LayerKind.Conv1d or LayerKind.Conv3d)
            && !target.IsTransposedConvolution && target.Within is null && target.Convolution is not { Groups: > 1 };
        return isSeen ? null : "inputs are gathered of linear layers and of convolutions over pictures without groups";
    }
}
