using System.Numerics;

namespace Lowrank.Adapters;

/// <summary>
/// BOFT on the output side, as LyCORIS has it: rotations in blocks at log₂ levels, rows permuted between
/// them like a butterfly, so that every row meets every other.
/// </summary>
/// <remarks>
/// Each level's R is a Cayley transform as in <see cref="DiagOft"/>, applied as R·rows. Level i groups rows as
/// (c, 2, 2^i·size/2), swaps the last two, and cuts in blocks.
/// A file's alpha is the constraint. Strength interpolates every level with the identity, so that the change is not linear in it.
/// Source: Liu et al. 2023, arXiv 2311.06243; LyCORIS 4.1.3.
/// </remarks>
sealed class Boft : RotatedRows
{
    /// <summary>A BOFT of given blocks.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="blocks">X, (levels, number of blocks, size, size), number·size = out.</param>
    /// <param name="constraint">The bound of ‖Q‖ divided by out; 0 leaves it free.</param>
    /// <param name="rescale">A factor for each row, or null.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public Boft(Target target, Tensor blocks, double constraint = 0, Tensor? rescale = null)
        : base(Descriptor, target, blocks, constraint, rescale, Fits(target, blocks.shape)) { }

    static bool Fits(Target target, long[] blocks)
    {
        if (blocks is not [> 0 and var levels, var count, > 0 and var size, var same]) return false;
        bool turnsAllRows = size == same && size % 2 == 0 && count * size == target.Out;
        return turnsAllRows && target.Out % ((1L << (int)(levels - 1)) * size) == 0;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        // The levels' gradients rest on their being orthogonal, as they are at full strength.
        if (!RunsAsLinear(layer, x) || Rescale is not null || strength != 1) return base.Forward(x, layer, strength);
        var bias = BiasLike(layer, x);
        return ButterflyLinear.Run(x, Target.ToMatrix(layer.Weight.Dense()), bias, Rotations(1));
    }

    private protected override bool ComfyScalesRows => true;

    private protected override Tensor Turned(Tensor rows, Tensor rotations)
    {
        var (count, size) = (rotations.shape[1], rotations.shape[2]);
        long columns = rows.shape[1];
        for (int level = 0; level < rotations.shape[0]; level++)
        {
            long apart = (1L << level) * size / 2;
            var gathered = rows.reshape(-1, 2, apart, columns).transpose(1, 2).reshape(count, size, columns);
            rows = rotations[level].Multiply(gathered).reshape(-1, apart, 2, columns).transpose(1, 2).reshape(-1, columns);
        }
        return rows;
    }

    /// <summary>
    /// The largest even block size up to <paramref name="rank"/> which leaves a power of two of blocks, with that number; none is (0, 0).
    /// </summary>
    static (long Size, long Count) Split(long channels, int rank)
    {
        for (long size = rank - rank % 2; size >= 2; size -= 2)
            if (channels % size == 0 && BitOperations.IsPow2(channels / size)) return (size, channels / size);
        return (0, 0);
    }

    static Boft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (OutputRotationOptions)given;
        var (size, count) = Split(target.Out, options.Rank);
        int levels = BitOperations.PopCount((ulong)(count - 1)) + 1;
        var rescale = options.Rescaled ? begin.Ones(target.Out) : null;
        return new Boft(target, begin.Zeros(levels, count, size, size), options.Constraint, rescale) { Options = options };
    }

    static string? Refusal(Target target, MethodOptions options)
    {
        if (MethodDescriptor.MatrixOnly(target) is { } reason) return reason;
        if (options.Rank == 0 || Split(target.Out, options.Rank).Size > 0) return null;   // 0: a file's blocks tell
        // A width of odd part o needs blocks of 2·o at the least.
        long needed = 2 * (target.Out >> BitOperations.TrailingZeroCount((ulong)target.Out));
        if (target.Out % 2 != 0) return $"its {target.Out} outputs are odd, and a butterfly needs an even width";
        return $"no even block size up to {options.Rank} (the rank) leaves a power of two of blocks in its {target.Out} outputs; " +
            $"the smallest that does is {needed}";
    }

    /// <summary>BOFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "boft", "Liu et al. 2023, arXiv 2311.06243",
        [
            new("oft_blocks", "(levels, blocks, size, size), blocks·size = out"),
            new("rescale", "(out, 1...)", Required: false),
            new("alpha", "(): the constraint", Required: false, IsWhole: true),
        ],
        Fresh,
        (target, parts) => new Boft(target, parts["oft_blocks"], parts.Number("alpha") ?? 0, parts.Find("rescale")))
    {
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Module = new("boft"),
        OwnOptions = shared => shared as OutputRotationOptions ?? new OutputRotationOptions(shared),
        Refuses = Refusal,
        Moves = (target, options) => Rotation.Moved("blocks of", Split(target.Out, options.Rank).Size, "outputs", options.Rank),
        AlphaIsScale = false,
        Arguments = OutputRotationOptions.Arguments,
        Recognizes = shapes => shapes.GetValueOrDefault("oft_blocks") is { Length: 4 },
        Facts = shapes => shapes["oft_blocks"] is [_, var count, var size, _] ? new PartFacts(size, count * size, null, []) : null,
    };
}
