namespace Lowrank.Torch;

/// <summary>Consecutive levels of a butterfly, which multiply as one block-diagonal matrix F of wider blocks.</summary>
/// <remarks>
/// Rows are (outer, 2^levels, strides, half), with 2^first strides and half = size/2: for each outer and stride, one block of F turns all
/// rows that differ in the second and the last place.
/// Within it, level i has blocks (p, low), low of 2ⁱ; each turns rows (p, 2, low, half) that differ in the second and the last place, in
/// the order (half, 2).
/// </remarks>
/// <param name="rotations">R of these levels, (levels, strides·outer·2^(levels − 1), size, size), strides first.</param>
/// <param name="strides">How many rows of one place lie between two that meet at the first level, in halves of a block.</param>
sealed class ButterflyStage(Tensor rotations, long strides)
{
    const long WidestBlock = 160;   // wider ones cost more than a further stage

    readonly int levels = (int)rotations.shape[0];
    readonly long size = rotations.shape[2], half = rotations.shape[2] / 2;
    readonly long blocks = rotations.shape[1] >> (int)(rotations.shape[0] - 1), places = 1L << (int)rotations.shape[0];

    /// <summary>The stages of a whole butterfly, in the order in which they turn, as even as can be.</summary>
    public static IEnumerable<ButterflyStage> Of(Tensor rotations)
    {
        var (levels, count, size) = ((int)rotations.shape[0], rotations.shape[1], rotations.shape[2]);
        int most = 1;
        while (size << most <= WidestBlock) most++;
        int stages = (levels + most - 1) / most;
        for (int stage = 0, first = 0; stage < stages; stage++)
        {
            int after = levels * (stage + 1) / stages;
            long strides = 1L << first;
            var own = rotations.narrow(0, first, after - first).reshape(after - first, count / strides, strides, size, size);
            yield return new(own.transpose(1, 2).reshape(after - first, count, size, size), strides);
            first = after;
        }
    }

    /// <summary>Tokens (t, out) as (blocks of F, t, rows of a block).</summary>
    public Tensor Gathered(Tensor tokens) =>
        tokens.reshape(tokens.shape[0], blocks / strides, places, strides, half)
            .permute(3, 1, 0, 2, 4)
            .reshape(blocks, tokens.shape[0], places * half);

    /// <summary>What <see cref="Gathered"/> undoes.</summary>
    public Tensor Scattered(Tensor gathered) =>
        gathered.reshape(strides, blocks / strides, gathered.shape[1], places, half)
            .permute(2, 1, 3, 0, 4)
            .reshape(gathered.shape[1], blocks * places * half);

    /// <summary>Tokens (t, out) times Fᵀ.</summary>
    public Tensor Turned(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Scattered(Gathered(tokens).bmm(Folded().to(tokens.dtype).transpose(1, 2))));
    }

    /// <summary>F, (strides·outer, rows, rows).</summary>
    public Tensor Folded()
    {
        var dense = rotations[0].reshape(-1, half, 2, half, 2).permute(0, 2, 1, 4, 3).reshape(-1, size, size);
        for (int level = 1; level < levels; level++)
        {
            long low = 1L << level, rows = dense.shape[1];
            // R's columns by the half that they take, times the rows of that half's matrix that belong to them.
            var left = rotations[level].reshape(-1, size, half, 2).permute(0, 3, 1, 2);   // (p·low, 2, size, half)
            var right = dense.reshape(-1, 2, low, half, rows).transpose(1, 2);   // (p, low, 2, half, rows)
            var product = left.reshape(-1, size, half).bmm(right.reshape(-1, half, rows));   // (p·low·2, size, rows)
            dense = product.reshape(-1, low, 2, half, 2, rows).permute(0, 4, 1, 3, 2, 5).reshape(-1, 2 * rows, 2 * rows);
        }
        return dense;
    }

    /// <summary>∂R in the order of the butterfly's blocks, (levels, count, size, size), from M = Σ g yᵀ over tokens behind the stage,
    /// (strides·outer, rows, rows).</summary>
    /// <remarks>Behind a level its blocks of M give ∂R = M R. Before it M is RᵀM R, of which only what stays within a half matters
    /// below.</remarks>
    public Tensor Gradients(Tensor moments)
    {
        var gradients = new Tensor[levels];
        for (int level = levels - 1; level >= 0; level--)
        {
            long low = 1L << level, rows = moments.shape[1];
            var turn = rotations[level];   // (p·low, size, size)
            var split = moments.reshape(-1, 2, low, half, 2, low, half);
            var own = split.diagonal(0, 2, 5).permute(0, 5, 2, 1, 4, 3).reshape(-1, size, size);   // rows and columns of one place
            gradients[level] = own.bmm(turn);
            if (level == 0) break;
            var left = moments.reshape(-1, 2, low, half, rows).permute(0, 2, 3, 1, 4).reshape(-1, size, rows);   // (p·low, (half, 2), rows)
            // rows (low, half, half of M), columns (2, low, half)
            var turned = turn.transpose(1, 2).bmm(left).reshape(-1, low, half, 2, 2, low, half);
            // For each half: rows of it, columns of all, times R's columns of it.
            var across = turned.permute(0, 3, 5, 1, 2, 6, 4).reshape(-1, rows / 2, size);   // (p·2·low', low·half, (half', 2'))
            var back = turn.reshape(-1, low, size, half, 2).permute(0, 4, 1, 2, 3).reshape(-1, size, half);   // (p·2·low', size, half)
            moments = across.bmm(back).reshape(-1, low, rows / 2, half).transpose(1, 2).reshape(-1, rows / 2, rows / 2);
        }
        return stack(gradients).reshape(levels, strides, -1, size, size).transpose(1, 2).reshape(rotations.shape);
    }
}
