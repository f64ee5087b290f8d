namespace Lowrank.Formats;

/// <summary>8-bit floats with a factor for each block of a matrix, as DeepSeek's and transformers' fp8 files have them.</summary>
public static class Float8Blocks
{
    /// <summary>The weight in float32: each value times its block's factor. It belongs to the caller's scope.</summary>
    /// <param name="values">(rows, columns), as they are read.</param>
    /// <param name="factors">(⌈rows/block⌉, ⌈columns/block⌉), or one number; what is multiplied by, though files call it the
    /// inverse.</param>
    /// <param name="block">Rows and columns of a block, of which the last may be short; null for one factor.</param>
    /// <exception cref="LowrankException">There are more or fewer factors than blocks.</exception>
    public static Tensor Decode(Tensor values, Tensor factors, (long Rows, long Columns)? block)
    {
        using var scope = NewDisposeScope();
        var (wide, factor) = (values.to(ScalarType.Float32), factors.to(ScalarType.Float32));
        if (factor.numel() == 1) return (wide * factor.reshape([])).MoveToOuterDisposeScope();
        if (block is not var (high, across))
            throw new LowrankException($"there are {factor.numel()} factors of shape {factor.shape.Text()}, and no block size for them.");
        var (rows, columns) = (wide.shape[0], wide.shape[1]);
        StoredTensor.Require(factor, [(rows + high - 1) / high, (columns + across - 1) / across], "weight_scale_inv");
        var each = factor.index_select(0, StoredTensor.Groups(rows, high)).index_select(1, StoredTensor.Groups(columns, across));
        return (wide * each).MoveToOuterDisposeScope();
    }

    /// <summary>Powers of two that are kept as their exponents (UE8M0): 2^(byte - 127), NaN for 255. It belongs to the caller's
    /// scope.</summary>
    public static Tensor Powers(Tensor exponents)
    {
        using var scope = NewDisposeScope();
        var powers = Enumerable.Range(0, 256).Select(code => code == 255 ? float.NaN : MathF.ScaleB(1, code - 127));
        var table = tensor(powers.ToArray(), device: CPU);
        return table.index_select(0, exponents.reshape(-1).to(ScalarType.Int64)).view(exponents.shape).MoveToOuterDisposeScope();
    }
}
