namespace Lowrank.Adapters;

/// <summary>The fields by which PEFT makes a LoKr's factors in the shapes that an adapter's have.</summary>
/// <remarks>
/// PEFT splits outputs and inputs of every layer by one decompose_factor f: into (f, d/f) where f divides d, else into the two numbers next
/// to a square of which the smaller is at most f; −1 sets no bound. A factor is whole where the rank is at least half its larger side.
/// Source: PEFT 0.21.2, tuners/lokr/layer.py.
/// </remarks>
/// <param name="Factor">decompose_factor.</param>
/// <param name="DecomposesBoth">Whether an outer factor is a product (decompose_both).</param>
/// <param name="HasCores">Whether inner factors of convolutions have cores (use_effective_conv2d).</param>
/// <param name="Ranks">r by target.</param>
sealed record PeftLokrFields(long Factor, bool DecomposesBoth, bool HasCores, IReadOnlyDictionary<string, long> Ranks)
{
    /// <summary>The peft_type.</summary>
    public const string Type = "LOKR";

    // A layer's sizes: w1 is (L, M), w2 (K, N) and a kernel; the ranks of their products, null where they are whole.
    sealed record Sizes(Reparameterization Made, string Path, long L, long M, long K, long N, long? Outer, long? Inner, bool HasCore)
    {
        public bool IsSplitBy(long factor) =>
            Split(Made.Target.Out, factor) == (L, K) && Split(Made.Target.In, factor) == (M, N);

        public override string ToString() => $"{Path} (w1 {L} x {M}, w2 {K} x {N})";
    }

    /// <summary>The fields of an adapter's LoKr layers.</summary>
    /// <exception cref="LowrankException">No fields give these shapes; the layers that do not fit are named.</exception>
    public static PeftLokrFields Of(IReadOnlyList<(string Path, Reparameterization Made)> layers)
    {
        var sizes = layers.Select(layer => SizesOf(layer.Path, layer.Made)).ToList();
        long factor = FactorOf(sizes);
        bool decomposes = sizes.Exists(size => size.Outer is not null), hasCores = sizes.Exists(size => size.HasCore);
        var ranks = new Dictionary<string, long>();
        var misfits = new List<string>();
        foreach (var size in sizes)
            if (RankOf(size, decomposes, hasCores) is { } rank) ranks[size.Made.Target.Path] = rank;
            else misfits.Add($"{size}");
        if (misfits.Count == 0) return new(factor, decomposes, hasCores, ranks);
        throw new LowrankException(
            $"PEFT's LoKr makes a product where the rank is below half a factor's larger side, else a whole factor, for all layers alike " +
            $"(decompose_both {decomposes}, use_effective_conv2d {hasCores}), and the adapter has others at {Listed(misfits)}");
    }

    static Sizes SizesOf(string path, Reparameterization made)
    {
        var shapes = made.Parts.ToDictionary(p => p.Part, p => p.Value.shape);
        var (l, m) = shapes.TryGetValue("w1", out var outer) ? (outer[0], outer[1]) : (shapes["w1a"][0], shapes["w1b"][1]);
        long? outerRank = outer is null ? shapes["w1b"][0] : null, innerRank = shapes.TryGetValue("w2b", out var low) ? low[0] : null;
        return new(
            made, path, l, m, made.Target.Out / l, made.Target.In / m, outerRank, innerRank, shapes.ContainsKey("t2"));
    }

    // The factor that the adapter was made with, else none, else the least that does.
    static long FactorOf(List<Sizes> sizes)
    {
        const int Unbounded = -1;
        int made = (sizes[0].Made.Settings as LokrOptions)?.Factor ?? Unbounded;
        var factors = Enumerable.Range(1, (int)sizes.Max(size => Math.Max(size.Made.Target.Out, size.Made.Target.In)));
        long best = Unbounded;
        int most = -1;
        foreach (int factor in factors.Prepend(Unbounded).Prepend(made))
        {
            int fitting = sizes.Count(size => size.IsSplitBy(factor));
            if (fitting == sizes.Count) return factor;
            if (fitting > most) (best, most) = (factor, fitting);
        }
        var misfits = sizes.Where(size => !size.IsSplitBy(best)).Select(size => $"{size}").ToList();
        string others = most > 0 ? $"; decompose_factor {best} gives those of the other {most} layers: leave these out to write them" : "";
        throw new LowrankException(
            $"PEFT's LoKr splits all layers by one decompose_factor, and none gives the factors of {Listed(misfits)}{others}");
    }

    static string Listed(List<string> layers)
    {
        const int Told = 8;
        string first = string.Join(", ", layers.Take(Told));
        return layers.Count > Told ? $"{first} and {layers.Count - Told} more" : first;
    }

    // The rank at which PEFT makes what is whole whole and what is a product a product; null where there is none.
    static long? RankOf(Sizes size, bool decomposes, bool hasCores)
    {
        long outer = Math.Max(size.L, size.M), inner = Math.Max(size.K, size.N);
        long least = size.Inner is null ? Half(inner) : 1;
        if (decomposes && size.Outer is null) least = Math.Max(least, Half(outer));
        if (size is { Outer: null, Inner: null }) return Math.Max(least, ToldRank(size.Made));
        long rank = size.Outer ?? size.Inner!.Value;
        bool hasOneRank = size.Outer is null || size.Inner is null || size.Outer == size.Inner;
        bool areProducts = IsProduct(size.Outer, outer) && IsProduct(size.Inner, inner);
        return hasOneRank && areProducts && rank >= least && HasWantedCore(size, hasCores) ? rank : null;
    }

    // A factor that is a product is one for PEFT too; a whole one is none, whatever the rank.
    static bool IsProduct(long? rank, long side) => rank is null || 2 * rank < side;

    static bool HasWantedCore(Sizes size, bool hasCores)
    {
        bool isSpatial = size.Made.Target.Kernel.Any(side => side != 1);
        return size.Inner is null || size.HasCore == (hasCores && isSpatial);
    }

    static long Half(long side) => Math.Max(1, (side + 1) / 2);

    // The rank that a LoKr of whole factors was asked for, which files of PEFT tell by alpha and its scale.
    static long ToldRank(Reparameterization made)
    {
        var lokr = Plain(made);
        double told = lokr.Scale == 0 ? 1 : lokr.Alpha / lokr.Scale;
        return told == Math.Round(told) && told is >= 1 and < 1e6 ? (long)told : 1;
    }

    /// <summary>The LoKr inside of wrappers.</summary>
    public static Lokr Plain(Reparameterization made) => made as Lokr ?? made.modules().OfType<Lokr>().First();

    /// <summary>PEFT's split of a number of channels: w1's side and w2's.</summary>
    internal static (long First, long Second) Split(long channels, long factor)
    {
        if (factor > 0 && channels % factor == 0) return (factor, channels / factor);
        long bound = factor == -1 ? channels : factor, first = 1;
        for (long next = 2; next <= bound && next * next <= channels; next++)
            if (channels % next == 0) first = next;
        return (first, channels / first);
    }
}
