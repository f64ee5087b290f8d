using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>
/// PSOFT: the weight's largest singular directions are turned among themselves, Δ = V·diag(S)·(R − I)·U, R = diag(b)·Cayley·diag(a).
/// </summary>
/// <remarks>
/// The Cayley transform is (I + Q)(I − Q)⁻¹, or its series. U, S and V are the base's own and frozen; PEFT does not store them, and another
/// decomposition may flip signs, so our files hold them (_psoft_A_cache, _psoft_B_cache) and PEFT passes over those. PEFT's scale divides S
/// and multiplies Δ, so alpha has no effect. R is I at first.
/// Source: arXiv 2505.11235; PEFT 0.21.2.
/// </remarks>
sealed class Psoft : FactoredReparameterization
{
    readonly Parameter turn;
    readonly Parameter? left, right;
    readonly Tensor a, b, alpha, upper;
    readonly long rank;

    /// <summary>A PSOFT of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="turn">Q's strict upper triangle, (rank·(rank − 1)/2), or R itself, (rank, rank).</param>
    /// <param name="left">b, (rank), or null.</param>
    /// <param name="right">a, (rank), or null.</param>
    /// <param name="a">Frozen (rank, in).</param>
    /// <param name="b">Frozen (out, rank), S over the scale included.</param>
    /// <param name="options">How it was made; the scale is its alpha/rank.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public Psoft(Target target, Tensor turn, Tensor? left, Tensor? right, Tensor a, Tensor b, PsoftOptions options)
        : base(Descriptor, target)
    {
        rank = a.shape[0];
        bool whole = turn.dim() == 2;
        bool frozenFit = a.shape.AsSpan().SequenceEqual([rank, target.In]) && b.shape.AsSpan().SequenceEqual([target.Out, rank]);
        bool trainedFit = turn.numel() == (whole ? rank * rank : rank * (rank - 1) / 2)
            && (left is null || left.numel() == rank)
            && (right is null || right.numel() == rank);
        if (!frozenFit || !trainedFit)
            throw new LowrankException(
                $"PSOFT's parts R {turn.shape.Text()}, A {a.shape.Text()} and B {b.shape.Text()} do not fit each other or {target}");
        Options = options with { Rank = (int)rank, Orthogonal = !whole, Left = left is not null, Right = right is not null };
        this.turn = Train("R", turn, turn.shape);
        if (left is not null) this.left = Train("vector_b", left, rank);
        if (right is not null) this.right = Train("vector_a", right, rank);
        this.a = Keep("A_cache", a.to(ScalarType.Float32));
        this.b = Keep("B_cache", b.to(ScalarType.Float32));
        alpha = Keep("alpha", tensor((float)Options.StoredAlpha(rank), device: CPU));
        using var scope = NewDisposeScope();
        upper = Keep("upper", ones(rank, rank, device: CPU).triu(1).reshape(-1).nonzero().reshape(-1));
    }

    /// <summary>How it was made.</summary>
    public PsoftOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            var parts = new List<(string, Tensor)> { ("R", turn) };
            if (left is not null) parts.Add(("vector_b", left));
            if (right is not null) parts.Add(("vector_a", right));
            return [.. parts, ("A_cache", a), ("B_cache", b), ("alpha", alpha)];
        }
    }

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        var change = Matrix() - eye(rank, device: turn.device);
        return (b.Multiply(change) * (Options.StoredAlpha(rank) / rank), a);
    }

    // R, (rank, rank).
    Tensor Matrix()
    {
        var r = Options.Orthogonal ? Rotated() : turn.alias();
        if (left is not null) r = left.unsqueeze(1) * r;
        return right is null ? r : r * right.unsqueeze(0);
    }

    Tensor Rotated()
    {
        var square = zeros(rank * rank, device: turn.device).index_copy(0, upper, turn).reshape(rank, rank);
        var q = square - square.t();
        if (!Options.Series) return Rotation.Cayley(-q);
        if (Options.Epsilon is not { } bound) return Rotation.Series(q, Options.Terms);
        double norm = q.norm().ToDouble();
        return Rotation.Series(norm > bound ? q * (bound / (norm + 1e-12)) : q, Options.Terms);
    }

    static Psoft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (PsoftOptions)given;
        long rank = options.Rank;
        var (a, b) = Frozen(begin.Weight, rank, options.StoredAlpha(rank) / rank, options.Halved);
        var turn = options.Orthogonal ? begin.Zeros(rank * (rank - 1) / 2) : eye(rank, device: begin.Device);
        var (left, right) = (options.Left ? begin.Ones(rank) : null, options.Right ? begin.Ones(rank) : null);
        return new Psoft(target, turn, left, right, a, b, options);
    }

    static (Tensor A, Tensor B) Frozen(Tensor weight, long rank, double scale, bool halved)
    {
        var (u, s, vh) = linalg.svd(weight, fullMatrices: false);
        var values = s.narrow(0, 0, rank) / scale;
        // S stands in B, or its root in both.
        var (left, right) = halved ? (values.sqrt(), values.sqrt()) : (values, ones_like(values));
        return (vh.narrow(0, 0, rank) * right.unsqueeze(1), u.narrow(1, 0, rank) * left);
    }

    static Psoft Stored(Target target, StoredParts parts)
    {
        var options = (PsoftOptions)parts.Options<PsoftOptions>(Descriptor).OfFile(parts.Number("alpha"));
        var turn = parts["R"];
        var (left, right) = (parts.Find("vector_b"), parts.Find("vector_a"));
        long rank = turn.dim() == 2 ? turn.shape[0] : Rotation.Size(turn.numel());
        if (parts.Find("A_cache") is { } a && parts.Find("B_cache") is { } b)
            return new Psoft(target, turn, left, right, a, b, options);
        if (parts.Setting("psoft_svd") == "lowrank")
            throw new LowrankException(
                "PSOFT's frozen factors come from a randomized decomposition and are not in the file; they cannot be had again");
        var (madeA, madeB) = Frozen(parts.Begin.Weight, rank, options.StoredAlpha(rank) / rank, options.Halved);
        return new Psoft(target, turn, left, right, madeA, madeB, options);
    }

    static string? Refusal(Target target, MethodOptions options)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        return options.Rank > Math.Min(target.In, target.Out) ? $"it has fewer than {options.Rank} directions" : null;
    }

    /// <summary>PSOFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "psoft", "arXiv 2505.11235",
        [
            new("R", "(rank·(rank - 1)/2)"),
            new("vector_b", "(rank)", Required: false),
            new("vector_a", "(rank)", Required: false),
            new("A_cache", "(rank, in)", Required: false),
            new("B_cache", "(out, rank)", Required: false),
            new("alpha", "()", Required: false),
        ],
        Fresh, Stored)
    {
        Dropouts = new(DropoutStyle.Peft),
        TakesBase = true,
        Facts = shapes => new PartFacts(shapes["R"] is [var rank, _] ? rank : Rotation.Size(shapes["R"][0]), null, null, []),
        Refuses = Refusal,
        OwnOptions = shared => shared as PsoftOptions ?? new PsoftOptions(shared),
        Arguments =
        [
            MethodArgument.Word<PsoftOptions>(
                "ab_svd_init", "psoft_init, or pissa_init, which halves S between the factors (psoft_init)", ["psoft_init", "pissa_init"],
                (o, word) => o with { Halved = word == "pissa_init" }, o => o.Halved ? "pissa_init" : "psoft_init"),
            MethodArgument.Switch<PsoftOptions>(
                "psoft_orth", "R is a rotation; else any matrix (true)", (o, on) => o with { Orthogonal = on }, o => o.Orthogonal),
            MethodArgument.Switch<PsoftOptions>(
                "psoft_mag_b", "a trained scale of R's rows (true)", (o, on) => o with { Left = on }, o => o.Left),
            MethodArgument.Switch<PsoftOptions>(
                "psoft_mag_a", "a trained scale of R's columns (true)", (o, on) => o with { Right = on }, o => o.Right),
            MethodArgument.Switch<PsoftOptions>(
                "use_cayley_neumann", "a series in place of an inverse (false)", (o, on) => o with { Series = on }, o => o.Series),
            MethodArgument.Whole<PsoftOptions>(
                "num_cayley_neumann_terms", "terms of the series (5)", (o, n) => o with { Terms = n }, o => o.Terms),
            new(
                "cayley_neumann_eps", "bound of Q's norm before the series (none)",
                (o, text) => (PsoftOptions)o with { Epsilon = double.Parse(text, CultureInfo.InvariantCulture) },
                o => ((PsoftOptions)o).Epsilon),
        ],
    };
}

/// <summary>How a PSOFT is made.</summary>
public sealed record PsoftOptions : MethodOptions
{
    /// <summary>With what every method is asked for; the rank is how many directions turn.</summary>
    public PsoftOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Whether √S stands in both frozen factors rather than S in one.</summary>
    public bool Halved { get; init; }

    /// <summary>Whether R is a rotation; else any matrix.</summary>
    public bool Orthogonal { get; init; } = true;

    /// <summary>Whether R's rows have a trained scale.</summary>
    public bool Left { get; init; } = true;

    /// <summary>Whether R's columns have a trained scale.</summary>
    public bool Right { get; init; } = true;

    /// <summary>Whether the Cayley transform is taken by a series.</summary>
    public bool Series { get; init; }

    /// <summary>Terms of the series, 1 or more.</summary>
    public int Terms { get; init; } = 5;

    /// <summary>Bound of ‖Q‖ before the series; null has none.</summary>
    public double? Epsilon { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Terms < 1) yield return $"num_cayley_neumann_terms {Terms} is not 1 or more";
        if (Epsilon is { } bound && !(bound > 0)) yield return $"cayley_neumann_eps {PlainValue.Text(bound)} is not above 0";
        if (Orthogonal && Rank < 2) yield return "one direction cannot turn; the rank is 2 or more";
    }
}
