using System.Numerics;

namespace Lowrank.Adapters;

/// <summary>
/// VB-LoRA: Δ = B·A, whose sub-vectors are each a weighted sum of a few vectors of one bank that all targets share and train.
/// </summary>
/// <remarks>
/// A sub-vector's weights are the softmax of its topk largest logits. Small files hold the chosen indices and all weights but the last
/// in the place of logits. Logits begin normal with deviation 0.1 and the bank uniform in ±0.02, so a fresh one changes the model a
/// little. Source: Li et al. 2024, arXiv 2405.15179; PEFT 0.21.2.
/// </remarks>
sealed class VbLora : FactoredReparameterization
{
    readonly Parameter logitsA, logitsB;
    readonly SharedPart bank;

    /// <summary>A VB-LoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="logitsA">(rank, in/length, vectors).</param>
    /// <param name="logitsB">(out/length, rank, vectors).</param>
    /// <param name="bank">The shared bank, (vectors, length).</param>
    /// <param name="options">topk, and how files are written.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public VbLora(Target target, Tensor logitsA, Tensor logitsB, SharedPart bank, VbLoraOptions options) : base(Descriptor, target)
    {
        var (vectors, length) = bank.Value.dim() == 2 ? (bank.Value.shape[0], bank.Value.shape[1]) : (0, 0);
        long rank = logitsA.dim() == 3 ? logitsA.shape[0] : 0;
        bool fitA = logitsA.shape is [_, var inputs, var ofA] && inputs * length == target.In && ofA == vectors;
        bool fitB = logitsB.shape is [var outputs, var rankB, var ofB]
            && outputs * length == target.Out && rankB == rank && ofB == vectors;
        if (bank.Value.dim() != 2 || !fitA || !fitB || options.TopK > vectors)
            throw new LowrankException(
                $"VB-LoRA's logits {logitsA.shape.Text()} and {logitsB.shape.Text()} do not fit its bank " +
                $"{bank.Value.shape.Text()}, topk {options.TopK}, or {target}");
        Options = options with { Rank = (int)rank, Vectors = (int)vectors, VectorLength = (int)length };
        this.logitsA = Train("logits_A", logitsA, logitsA.shape);
        this.logitsB = Train("logits_B", logitsB, logitsB.shape);
        this.bank = Hold("bank", bank);
    }

    /// <summary>How it was made.</summary>
    public VbLoraOptions Options { get; }

    internal override bool HoldsInfinity => true;

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => Options.SaveOnlyTopK
        ? [.. TopK("logits_A", logitsA), .. TopK("logits_B", logitsB), ("bank", bank.Value)]
        : [("logits_A", logitsA), ("logits_B", logitsB), ("bank", bank.Value)];

    IEnumerable<(string, Tensor)> TopK(string part, Tensor logits)
    {
        var (values, indices) = logits.detach().topk(Options.TopK);
        var dtype = Options.Vectors < 1 << 8 ? ScalarType.Byte : Options.Vectors < 1 << 15 ? ScalarType.Int16 : ScalarType.Int32;
        var weights = values.softmax(-1).narrow(-1, 0, Options.TopK - 1).contiguous();
        return [(part + "_topk_indices", indices.to(dtype)), (part + "_topk_weights", weights)];
    }

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors() =>
        (Mixed(logitsB).transpose(1, 2).reshape(Target.Out, Options.Rank), Mixed(logitsA).reshape(Options.Rank, Target.In));

    // (a, b, vectors) to (a, b, length).
    Tensor Mixed(Tensor logits)
    {
        var (values, indices) = logits.topk(Options.TopK);
        long length = Options.VectorLength!.Value;
        var chosen = bank.Value.index_select(0, indices.reshape(-1)).reshape([.. indices.shape, length]);
        return (values.softmax(-1).unsqueeze(-1) * chosen).sum(-2);
    }

    static VbLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (VbLoraOptions)given;
        long length = options.VectorLength ?? CommonLength(target, begin.Shared);
        if (!Fits(target, length)) throw new LowrankException($"vectors of {length} do not fit {target} a whole number of times");
        var bank = begin.Shared.Get("bank", () => begin.Uniform(options.BankBound, options.Vectors, length), trained: true);
        var logitsA = begin.Normal(options.LogitsDeviation, options.Rank, target.In / length, options.Vectors);
        var logitsB = begin.Normal(options.LogitsDeviation, target.Out / length, options.Rank, options.Vectors);
        return new VbLora(target, logitsA, logitsB, bank, options);
    }

    static bool Fits(Target target, long length) => target.In % length == 0 && target.Out % length == 0;

    // The largest length, 256 at most, that fits inputs and outputs of every target.
    static long CommonLength(Target own, SharedParts shared)
    {
        const long Most = 256;
        var sides = shared.Targets.Append(own).SelectMany(t => new[] { t.In, t.Out });
        long common = sides.Aggregate((a, b) => (long)BigInteger.GreatestCommonDivisor(a, b));
        long length = Math.Min(common, Most);
        while (common % length != 0) length--;
        return length;
    }

    static VbLora Stored(Target target, StoredParts parts)
    {
        var options = parts.Options<VbLoraOptions>(Descriptor);
        var given = parts["bank"];
        var bank = parts.Begin.Shared.Get("bank", () => given, trained: true);
        Tensor Logits(string part)
        {
            if (parts.Find(part) is { } whole) return whole;
            var indices = parts[part + "_topk_indices"].to(ScalarType.Int64);
            var weights = parts[part + "_topk_weights"].to(ScalarType.Float32);
            weights = cat([weights, 1 - weights.sum(-1, keepdim: true)], -1);
            options = options with { TopK = (int)indices.shape[^1], SaveOnlyTopK = true };
            // Vectors that were not chosen are out for good.
            var none = full([.. indices.shape[..^1], given.shape[0]], double.NegativeInfinity, ScalarType.Float32, weights.device);
            return none.scatter(-1, indices, weights.log());
        }
        return new VbLora(target, Logits("logits_A"), Logits("logits_B"), bank, options);
    }

    static string? Refuse(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        if (((VbLoraOptions)given).VectorLength is not { } length) return null;
        return Fits(target, length) ? null : $"vectors of {length} do not fit it a whole number of times";
    }

    /// <summary>VB-LoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "vblora", "Li et al. 2024, arXiv 2405.15179",
        [
            new("logits_A", "(rank, in/length, vectors)", Required: false),
            new("logits_B", "(out/length, rank, vectors)", Required: false),
            new("logits_A_topk_indices", "(rank, in/length, topk)", Required: false, IsWhole: true),
            new("logits_A_topk_weights", "(rank, in/length, topk - 1)", Required: false),
            new("logits_B_topk_indices", "(out/length, rank, topk)", Required: false, IsWhole: true),
            new("logits_B_topk_weights", "(out/length, rank, topk - 1)", Required: false),
            new("bank", "(vectors, length)", IsShared: true),
        ],
        Fresh, Stored)
    {
        HasAlpha = false,
        BeginsElsewhere = true,
        Refuses = Refuse,
        OwnOptions = shared => shared as VbLoraOptions ?? new VbLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<VbLoraOptions>(
                "num_vectors", "vectors of the bank (256)", (o, n) => o with { Vectors = n }, o => o.Vectors),
            MethodArgument.Whole<VbLoraOptions>(
                "vector_length",
                "their length, which every layer's inputs and outputs are a multiple of (the longest such, 256 at most)",
                (o, n) => o with { VectorLength = n }, o => o.VectorLength ?? 256),
            MethodArgument.Whole<VbLoraOptions>(
                "topk", "vectors that make one sub-vector (2)", (o, n) => o with { TopK = n }, o => o.TopK),
            MethodArgument.Switch<VbLoraOptions>(
                "save_only_topk_weights", "small files, with which training cannot go on (false)",
                (o, on) => o with { SaveOnlyTopK = on }, o => o.SaveOnlyTopK),
            MethodArgument.Number<VbLoraOptions>(
                "init_vector_bank_bound", "bound of the bank at first (0.02)", (o, n) => o with { BankBound = n }, o => o.BankBound),
            MethodArgument.Number<VbLoraOptions>(
                "init_logits_std", "deviation of the logits at first (0.1)",
                (o, n) => o with { LogitsDeviation = n }, o => o.LogitsDeviation),
        ],
    };
}

/// <summary>How a VB-LoRA is made.</summary>
public sealed record VbLoraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; alpha plays no part.</summary>
    public VbLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Vectors of the bank, topk or more.</summary>
    public int Vectors { get; init; } = 256;

    /// <summary>Their length; null takes the longest that fits every target, 256 at most.</summary>
    public int? VectorLength { get; init; }

    /// <summary>Vectors that make one sub-vector, 1 or more.</summary>
    public int TopK { get; init; } = 2;

    /// <summary>Whether files hold the chosen vectors and their weights alone; training cannot go on from those.</summary>
    public bool SaveOnlyTopK { get; init; }

    /// <summary>The bank is uniform in ± this at first.</summary>
    public double BankBound { get; init; } = 0.02;

    /// <summary>Logits are normal with this deviation at first.</summary>
    public double LogitsDeviation { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (TopK < 1 || Vectors < TopK) yield return $"topk {TopK} is not 1 to num_vectors {Vectors}";
        if (VectorLength < 1) yield return $"vector_length {VectorLength} is not 1 or more";
        if (!(BankBound > 0 && LogitsDeviation >= 0))
            yield return $"init_vector_bank_bound {PlainValue.Text(BankBound)} is not above 0, or " +
                $"init_logits_std {PlainValue.Text(LogitsDeviation)} is below 0";
    }
}
