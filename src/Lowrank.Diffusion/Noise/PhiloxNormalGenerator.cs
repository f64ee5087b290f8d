namespace Lowrank.Diffusion;

/// <summary>
/// Philox 4x32-10 with Box and Muller's transform, in the layout of CUDA: what <c>torch.randn</c> draws on an NVIDIA card.
/// </summary>
/// <remarks>
/// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". The layout is AUTOMATIC1111's (its source "NV",
/// modules/rng_philox.py at 82a973c): number i of call c has the counter (c, 0, i, 0), the seed is the key, and of the four words the
/// first two make one number. A card that draws more numbers than it has threads lays them out otherwise.
/// </remarks>
/// <param name="seed">64 bits, kept as signed; all are heeded.</param>
public sealed class PhiloxNormalGenerator(long seed) : INormalGenerator
{
    const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    const int Rounds = 10;

    // 2^-32, and 2^-32 times 2π as the peer rounds it to float32.
    const double ToUnit = 1.0 / (1L << 32);
    const double ToAngle = (float)(2.3283064e-10 * 6.2831855);

    uint calls;

    /// <inheritdoc/>
    public Tensor Draw(params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (product, side) => product * side)];
        for (int i = 0; i < values.Length; i++)
        {
            var (first, second) = Words((uint)i);
            double radius = Math.Sqrt(-2 * Math.Log(first * ToUnit + ToUnit / 2));
            values[i] = (float)(radius * Math.Sin(second * ToAngle + ToAngle / 2));
        }
        calls++;
        return tensor(values, shape, dtype: ScalarType.Float32, device: CPU);
    }

    (uint First, uint Second) Words(uint index)
    {
        var (c0, c1, c2, c3) = (calls, 0u, index, 0u);
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)c0 * Multiplier0, product1 = (ulong)c2 * Multiplier1;
            c0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            c2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            c1 = (uint)product1;
            c3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (c0, c1);
    }

    /// <summary>Holds nothing.</summary>
    public void Dispose() { }
}
