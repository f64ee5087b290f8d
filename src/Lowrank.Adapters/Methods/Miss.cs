namespace Lowrank.Adapters;

/// <summary>
/// MiSS: the transposed block Dᵀ is added to every rank-wide column block of W; what is left over at the end takes D's first rows.
/// </summary>
/// <remarks>
/// "mini": D has fewer columns, repeated along the outputs. "bat": W in square tiles, tile(i, j) +=
/// tile(i, j)·Dᵢ + Dᵢ, which depends on W. All is 0 at first.
/// Source: Kang et al. 2024, arXiv 2409.15371 (Bone, later MiSS); PEFT 0.21.2.
/// </remarks>
sealed class Miss : AdditiveReparameterization
{
    readonly Parameter block;

    /// <summary>A MiSS of a given block.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="block">(rank, out), (rank, width) for mini, (out/rank, rank, rank) for bat.</param>
    /// <exception cref="LowrankException">The block does not fit the target.</exception>
    public Miss(Target target, Tensor block) : base(Descriptor, target)
    {
        bool fits = block.shape switch
        {
            [var rows, var width] => rows > 0 && width > 0 && target.Out % width == 0,
            [var tiles, > 0 and var rows, var columns] => rows == columns && tiles * rows == target.Out && target.In % rows == 0,
            _ => false,
        };
        if (!fits) throw new LowrankException($"MiSS's block {block.shape.Text()} does not fit {target}");
        Form = block.dim() == 3 ? MissForm.Bat : block.shape[1] == target.Out ? MissForm.Plain : MissForm.Mini;
        long rank = Form == MissForm.Bat ? block.shape[2] : block.shape[0];
        Settings = new MissOptions(new MethodOptions((int)rank))
        {
            Form = Form,
            MiniWidth = Form == MissForm.Mini ? (int)block.shape[1] : 1,
        };
        this.block = Train("block", block, block.shape);
    }

    /// <summary>Which of the three forms it is.</summary>
    public MissForm Form { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("block", block)];

    /// <inheritdoc/>
    public override bool NeedsWeight => Form == MissForm.Bat;

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var d = block.to(weight.dtype);
        if (Form == MissForm.Bat)
        {
            long size = d.shape[1];
            var tiles = weight.reshape(d.shape[0], size, -1, size).permute(2, 0, 1, 3);   // (in/size, out/size, size, size)
            return (tiles.Multiply(d) + d).permute(1, 2, 0, 3).reshape(weight.shape);
        }
        var rows = d.t();   // (out or width, rank)
        if (Form == MissForm.Mini) rows = rows.repeat(Target.Out / rows.shape[0], 1);
        return rows.repeat(1, (Target.In + rows.shape[1] - 1) / rows.shape[1]).narrow(1, 0, Target.In);
    }

    static Miss Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (MissOptions)given;
        long rank = options.Rank;
        return new Miss(target, options.Form switch
        {
            MissForm.Bat => begin.Zeros(target.Out / rank, rank, rank),
            MissForm.Mini => begin.Zeros(rank, options.MiniWidth),
            _ => begin.Zeros(rank, target.Out),
        });
    }

    static string? Refuse(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        var options = (MissOptions)given;
        bool fits = options.Rank <= 0 || target.In % options.Rank == 0 && target.Out % options.Rank == 0;
        if (options.Form == MissForm.Bat && !fits) return $"bat needs inputs and outputs that are multiples of the rank {options.Rank}";
        if (options.Form == MissForm.Mini && target.Out % options.MiniWidth != 0)
            return $"mini needs outputs that are a multiple of mini_r {options.MiniWidth}";
        return null;
    }

    // PEFT calls the form by the name of the initialisation, whose plain one is a switch.
    static MissForm Named(string word) => word switch { "mini" => MissForm.Mini, "bat" => MissForm.Bat, _ => MissForm.Plain };

    static object Name(MissForm form) => form switch { MissForm.Mini => "mini", MissForm.Bat => "bat", _ => true };

    /// <summary>MiSS in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "miss", "Kang et al. 2024, arXiv 2409.15371",
        [new("block", "(rank, out)")],
        Fresh,
        (target, parts) => new Miss(target, parts["block"]))
    {
        HasAlpha = false,
        Dropouts = new(DropoutStyle.Peft),
        Refuses = Refuse,
        OwnOptions = shared => shared as MissOptions ?? new MissOptions(shared),
        Arguments =
        [
            new(
                "init_weights", "the form: true (plain), mini or bat (true)",
                (o, word) => (MissOptions)o with { Form = Named(word) }, o => Name(((MissOptions)o).Form)),
            MethodArgument.Whole<MissOptions>(
                "mini_r", "columns of mini's block (1)", (o, n) => o with { MiniWidth = n }, o => o.MiniWidth),
        ],
        Facts = shapes => shapes["block"] switch
        {
            [_, var size, _] => new PartFacts(size, null, null, []),
            [var rank, ..] => new PartFacts(rank, null, null, []),
            _ => null,
        },
    };
}

/// <summary>The forms of MiSS.</summary>
public enum MissForm
{
    /// <summary>One block (rank, out) for all columns.</summary>
    Plain,

    /// <summary>A narrower block, repeated along the outputs.</summary>
    Mini,

    /// <summary>A square block for each band of outputs, which multiplies W's tiles and is added to them.</summary>
    Bat,
}

/// <summary>How a MiSS is made.</summary>
public sealed record MissOptions : MethodOptions
{
    /// <summary>With what every method is asked for; alpha plays no part.</summary>
    public MissOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Which form.</summary>
    public MissForm Form { get; init; }

    /// <summary>Columns of mini's block; the outputs are a multiple of it.</summary>
    public int MiniWidth { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (MiniWidth < 1) yield return $"mini_r {MiniWidth} is not 1 or more";
    }
}
