namespace Lowrank.Torch;

/// <summary>A mean kept in 8 bits a number: codes of <see cref="DynamicMap"/> over each block's largest magnitude.</summary>
/// <remarks>Dettmers et al., arXiv 2110.02861; blocks of 256 as bitsandbytes has them.</remarks>
/// <param name="map">The values of the codes, rising.</param>
sealed class EightBitMoments(IReadOnlyList<float> map)
{
    const int BlockSize = 256;

    readonly float[] values = [.. map];
    readonly float[] borders = [.. map.Zip(map.Skip(1), (low, high) => (low + high) / 2)];

    /// <summary>With a sign.</summary>
    public static EightBitMoments Signed { get; } = new(DynamicMap.Signed);

    /// <summary>From zero up.</summary>
    public static EightBitMoments Unsigned { get; } = new(DynamicMap.Unsigned);

    /// <summary>Codes and magnitudes of zeros.</summary>
    /// <param name="one">Whose they are.</param>
    /// <param name="number">1 or 2, as bitsandbytes numbers them.</param>
    public static IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one, int number)
    {
        var parameter = one.Parameter;
        yield return ($"state{number}", zeros(parameter.shape, dtype: ScalarType.Byte, device: parameter.device));
        yield return ($"absmax{number}", zeros([Blocks(parameter.numel())], dtype: ScalarType.Float32, device: parameter.device));
    }

    static long Blocks(long count) => (count + BlockSize - 1) / BlockSize;

    /// <summary>The numbers, float32.</summary>
    public Tensor Decode(TrainedParameter one, int number)
    {
        var (codes, largest) = (one[$"state{number}"], one[$"absmax{number}"]);
        var table = tensor(values, device: codes.device);
        var shares = Blocked(table.index_select(0, codes.reshape(-1).to(ScalarType.Int32)));
        return (shares * largest.unsqueeze(1)).reshape(-1).narrow(0, 0, codes.numel()).view(codes.shape);
    }

    /// <summary>Keeps numbers, each by its nearest code.</summary>
    public void Encode(TrainedParameter one, int number, Tensor moments)
    {
        var (codes, largest) = (one[$"state{number}"], one[$"absmax{number}"]);
        var blocks = Blocked(moments.reshape(-1));
        largest.copy_(blocks.abs().amax([1]));
        var shares = blocks / where(largest > 0, largest, ones_like(largest)).unsqueeze(1);
        var found = bucketize(shares, tensor(borders, device: codes.device), true, false);
        codes.copy_(found.reshape(-1).narrow(0, 0, codes.numel()).view(codes.shape));
    }

    // (blocks, 256), the last one filled up with zeros.
    static Tensor Blocked(Tensor flat)
    {
        long missing = Blocks(flat.numel()) * BlockSize - flat.numel();
        return (missing == 0 ? flat : nn.functional.pad(flat, [0, missing])).view(-1, BlockSize);
    }
}
