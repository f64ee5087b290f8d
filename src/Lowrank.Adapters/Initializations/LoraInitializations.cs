using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>Every way in which a LoRA's factors begin.</summary>
public static class LoraInitializations
{
    const string Niter = "pissa_niter_";

    /// <summary>The list; the first is the default. <c>pissa_niter_16</c> and its like are PiSSA by a randomised decomposition of that many iterations.</summary>
    public static IReadOnlyList<LoraInitialization> All { get; } =
    [
        new("kaiming", "down uniform in ±1/sqrt(fan_in), up zero: PyTorch's, kohya's, LyCORIS's and PEFT's default", (t, o, b) => WithZeroUp(t, o, b, b.Kaiming)),
        new("kaiming_he", "down uniform in ±sqrt(6/fan_in), up zero: He et al. 2015, arXiv 1502.01852", (t, o, b) => WithZeroUp(t, o, b, shape => b.Uniform(Math.Sqrt(6.0 / FanIn(shape)), shape))),
        new("gaussian", "down normal with deviation 1/rank, up zero: PEFT's gaussian, cloneofsimo's lora", (t, o, b) => WithZeroUp(t, o, b, shape => b.Normal(1.0 / o.Rank, shape))),
        new("random", "both factors uniform in ±1/sqrt(fan_in), so that the model changes at once: for tests", (t, o, b) => new(b.Kaiming(o.Rank, t.Columns), b.Kaiming(t.Out, o.Rank))) { Refuses = Plain },
        new("orthogonal", "two random factors of orthogonal ranks, whose product is zero: PEFT's orthogonal", Orthogonal)
        {
            Refuses = (t, o) => Plain(t, o) ?? (o.Rank % 2 == 0 ? null : $"orthogonal ranks need an even rank, and {o.Rank} is odd"),
        },
        new("lora_fa", "down normal with deviation sqrt(2/(in + rank)) and frozen, up zero: kohya's LoRA-FA, Zhang et al. 2023, arXiv 2308.03303", (t, o, b) =>
            WithZeroUp(t, o, b, shape => b.Normal(Math.Sqrt(2.0 / (FanIn(shape) + o.Rank)), shape)) with { FreezesDown = true })
        {
            Refuses = (t, _) => t.Kind == LayerKind.Embedding ? "an embedding's down begins at zero, and frozen it would stay there" : null,
        },
        new("pissa", "the weight's largest singular vectors: Meng et al. 2024, arXiv 2404.02948", (t, o, b) => Pissa(o, LowRankSvd.Exact(b.Weight, o.Rank))) { TakesStartOff = true, Refuses = Thin },
        new("olora", "the weight's QR: Büyükakyüz 2024, arXiv 2406.01775", Olora) { TakesStartOff = true, Refuses = Thin },
        new("mica", "up the weight's smallest left singular vectors and frozen, down zero: PEFT's mica", Mica) { Refuses = Thin },
        new("eva", "down the main directions of what the layer is asked, up zero: Paischer et al. 2024, arXiv 2410.07170", (t, o, b) => new(b.Inputs(t).Components(o.Rank), zeros(t.Out, o.Rank))) { NeedsInputs = true, Refuses = Seen },
        new("corda", "the largest singular vectors of weight times inputs' covariance: Yang et al. 2024, arXiv 2406.05223, instruction-previewed", (t, o, b) => Corda(t, o, b, smallest: false))
        {
            TakesStartOff = true, NeedsInputs = true, Refuses = Seen,
        },
        new("corda_kpm", "the smallest ones: the same paper, knowledge-preserving", (t, o, b) => Corda(t, o, b, smallest: true)) { TakesStartOff = true, NeedsInputs = true, Refuses = Seen },
    ];

    /// <summary>The one of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static LoraInitialization Named(string name)
    {
        if (name.StartsWith(Niter, StringComparison.Ordinal) && int.TryParse(name[Niter.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations))
            return All.First(i => i.Name == "pissa") with { Name = name, Make = (t, o, b) => Pissa(o, LowRankSvd.Randomised(b.Weight, o.Rank, iterations, b.Generator)) };
        if (name == "loftq")
            throw new LowrankException("LoftQ begins from a base rounded to 4 bits, and this base is not: LoftQ.Of gives the rounded weight with the factors that go with it");
        return All.FirstOrDefault(i => i.Name == name)
            ?? throw new LowrankException($"no LoRA begins in the way \"{name}\" (nearest: {string.Join(", ", NearestNames.To(name, All.Select(i => i.Name)))})");
    }

    static long FanIn(long[] shape) => shape[1..].Aggregate(1L, (product, axis) => product * axis);

    // down and a core drawn, up zero: the other way round for an embedding, so that only words which training meets change.
    static LoraFactors WithZeroUp(Target target, LoraOptions options, Initialization begin, Func<long[], Tensor> draw)
    {
        long rank = options.Rank;
        if (target.Kind == LayerKind.Embedding) return new(zeros(rank, target.In), begin.Normal(1, target.Out, rank));
        bool core = options.Tucker && target.IsSpatial;
        long[] ones = [.. target.Kernel.Select(_ => 1L)], upShape = [target.Out, rank, .. ones];
        var down = draw([rank, target.In, .. core ? ones : target.Kernel]);
        var mid = core ? draw([rank, rank, .. target.Kernel]) : null;
        return new(down, options.LearnedScalar ? begin.Kaiming(upShape) : zeros(upShape), mid);
    }

    static LoraFactors Orthogonal(Target target, LoraOptions options, Initialization begin)
    {
        long rank = options.Rank;
        var q = linalg.qr(randn([rank, rank], generator: begin.Generator)).Q;
        var (odd, even) = (q[TensorIndex.Slice(0, null, 2)], q[TensorIndex.Slice(1, null, 2)]);
        var down = randn([target.Columns, rank / 2], generator: begin.Generator).mm(odd).t() / 10;
        var up = randn([rank / 2, target.Out], generator: begin.Generator).t().mm(even) / 10;
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
        return new(zeros(options.Rank, target.Columns), left[TensorIndex.Colon, TensorIndex.Slice(left.shape[1] - options.Rank)]) { FreezesUp = true };
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

    static string? Plain(Target target, LoraOptions options) =>
        options.Tucker && target.IsSpatial ? "a core has no such beginning"
        : options.LearnedScalar ? "a learned scalar begins at 0, and so does the change without it" : null;

    static string? Thin(Target target, LoraOptions options) => Plain(target, options)
        ?? (options.Rank > Math.Min(target.Out, target.Columns) ? $"rank {options.Rank} is more than the weight has ({Math.Min(target.Out, target.Columns)})" : null);

    static string? Seen(Target target, LoraOptions options) => Thin(target, options)
        ?? (target.Kind is LayerKind.Embedding or LayerKind.Conv1d or LayerKind.Conv3d || target.Convolution is { Groups: > 1 } ? "inputs are gathered of linear layers and of convolutions over pictures without groups" : null);
}
