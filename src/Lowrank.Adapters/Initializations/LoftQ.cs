namespace Lowrank.Adapters;

/// <summary>A weight rounded to 4 bits, and a LoRA that makes up for what the rounding lost.</summary>
/// <param name="Down">A, (rank, columns).</param>
/// <param name="Up">B, (out, rank); the pair works at scale 1.</param>
/// <param name="Rounded">The rounded weight, float32, with its 16 levels of each block.</param>
/// <remarks>
/// Li et al. 2023, arXiv 2310.08659, algorithm 1: Q = round(W − BA) and BA = svd(W − Q) in turn. Levels are NF4's: Dettmers et al. 2023,
/// arXiv 2305.14314, appendix E.
/// </remarks>
public sealed record LoftQ(Tensor Down, Tensor Up, Tensor Rounded)
{
    // Quantiles of the normal distribution, scaled to end at ±1.
    static readonly float[] levels =
    [
        -1, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
        -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1,
    ];

    /// <summary>Of a weight.</summary>
    /// <param name="weight">A matrix (out, columns).</param>
    /// <param name="rank">Rank, 1 or more.</param>
    /// <param name="iterations">Turns, 1 or more; 1 and 5 are usual.</param>
    /// <param name="block">Values that share a scale.</param>
    /// <exception cref="LowrankException">A rank above the weight's, or no turn.</exception>
    public static LoftQ Of(Tensor weight, int rank, int iterations = 1, int block = 64)
    {
        long most = weight.shape.Min();
        if (rank < 1 || rank > most || iterations < 1)
            throw new LowrankException(
                $"LoftQ of rank {rank} in {iterations} turns: a rank from 1 to {most} and a turn at least are wanted");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var wide = weight.to(ScalarType.Float32);
        Tensor rest = wide, rounded, down, up;
        do
        {
            rounded = Round(rest, block);
            var (left, values, right) = LowRankSvd.Exact(wide - rounded, rank);
            var root = values.sqrt();
            (down, up) = (root.unsqueeze(1) * right, left * root);
            rest = wide - up.mm(down);
        }
        while (--iterations > 0);
        return new(scope.MoveToOuter(down), scope.MoveToOuter(up), scope.MoveToOuter(rounded));
    }

    /// <summary>A matrix with each value moved to the nearest of its block's 16 levels.</summary>
    static Tensor Round(Tensor matrix, int block)
    {
        long count = matrix.numel(), padding = (block - count % block) % block;
        var blocks = nn.functional.pad(matrix.reshape(-1), [0, padding]).reshape(-1, block);
        var largest = blocks.abs().amax([1], keepdim: true);
        var level = tensor(levels, device: matrix.device);
        var middles = (level[TensorIndex.Slice(1)] + level[TensorIndex.Slice(0, -1)]) / 2;
        var nearest = bucketize(blocks / largest.clamp_min(1e-30), middles);
        var rounded = level.index_select(0, nearest.reshape(-1)).reshape(blocks.shape) * largest;
        return rounded.reshape(-1)[TensorIndex.Slice(0, count)].reshape(matrix.shape);
    }
}
