namespace Lowrank.Adapters;

/// <summary>
/// OFT as kohya's networks.oft has it: the rank is the number of blocks, and the skew matrices are always bounded by alpha·out.
/// </summary>
/// <remarks>Source: kohya-ss/sd-scripts networks/oft.py at 48d368f. Its files say so by their prefix, <c>oft_unet_</c>.</remarks>
static class KohyaOft
{
    const double DefaultConstraint = 1e-3;

    static string? Refusal(Target target, MethodOptions options)
    {
        if (MethodDescriptor.MatrixOnly(target) is { } reason) return reason;
        // A rank of 0 asks about a file, whose blocks tell.
        bool fits = options.Rank <= 0 || target.Out % options.Rank == 0 && target.Out != options.Rank;
        return fits ? null : $"its {target.Out} outputs do not fall into {options.Rank} blocks (the rank) of equal size, 2 or more";
    }

    /// <summary>kohya's OFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "kohya-oft", "Qiu et al. 2023, arXiv 2306.07280",
        [new("oft_blocks", "(blocks, size, size), blocks·size = out"), new("alpha", "(): the constraint", Required: false)],
        (target, options, begin) =>
        {
            long count = options.Rank, size = target.Out / count;
            return new DiagOft(Descriptor!, target, begin.Zeros(count, size, size), options.Alpha ?? DefaultConstraint, null);
        },
        (target, parts) => new DiagOft(Descriptor!, target, parts["oft_blocks"], parts.Number("alpha") ?? DefaultConstraint, null))
    {
        Refuses = Refusal,
        AlphaIsScale = false,
        Recognizes = shapes => shapes.GetValueOrDefault("oft_blocks") is { Length: 3 },
        Facts = shapes => shapes["oft_blocks"] is [var count, var size, _] ? new PartFacts(count, count * size, null, []) : null,
    };
}
