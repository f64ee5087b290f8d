namespace Lowrank.Formats;

/// <summary>The block types that are read and written.</summary>
public static class BlockFormats
{
    /// <summary>IEEE halves.</summary>
    public static BlockFormat F16 { get; } = new CodedFormat<F16>("F16", 1, 1, 2, TensorDtype.F16);

    /// <summary>Upper halves of floats.</summary>
    public static BlockFormat BF16 { get; } = new CodedFormat<BF16>("BF16", 30, 1, 2, TensorDtype.BF16);

    /// <summary>8 bits and a scale.</summary>
    public static BlockFormat Q8_0 { get; } = new CodedFormat<Q8_0>("Q8_0", 8, 32, 34);

    /// <summary>4 bits and a scale.</summary>
    public static BlockFormat Q4_0 { get; } = new CodedFormat<Q4_0>("Q4_0", 2, 32, 18);

    /// <summary>4 bits, a scale and a least value.</summary>
    public static BlockFormat Q4_1 { get; } = new CodedFormat<Q4_1>("Q4_1", 3, 32, 20);

    /// <summary>5 bits and a scale.</summary>
    public static BlockFormat Q5_0 { get; } = new CodedFormat<Q5_0>("Q5_0", 6, 32, 22);

    /// <summary>5 bits, a scale and a least value.</summary>
    public static BlockFormat Q5_1 { get; } = new CodedFormat<Q5_1>("Q5_1", 7, 32, 24);

    /// <summary>2 bits; a scale and a least value for every 16.</summary>
    public static BlockFormat Q2_K { get; } = new CodedFormat<Q2_K>("Q2_K", 10, 256, 84);

    /// <summary>3 bits; a scale for every 16.</summary>
    public static BlockFormat Q3_K { get; } = new CodedFormat<Q3_K>("Q3_K", 11, 256, 110);

    /// <summary>4 bits; a scale and a least value for every 32.</summary>
    public static BlockFormat Q4_K { get; } = new CodedFormat<Q4_K>("Q4_K", 12, 256, 144);

    /// <summary>5 bits; a scale and a least value for every 32.</summary>
    public static BlockFormat Q5_K { get; } = new CodedFormat<Q5_K>("Q5_K", 13, 256, 176);

    /// <summary>6 bits; a scale for every 16.</summary>
    public static BlockFormat Q6_K { get; } = new CodedFormat<Q6_K>("Q6_K", 14, 256, 210);

    /// <summary>4 bits of an uneven table and a scale.</summary>
    public static BlockFormat IQ4_NL { get; } = new CodedFormat<IQ4_NL>("IQ4_NL", 20, 32, 18);

    /// <summary>4 bits of an uneven table; a scale for every 32.</summary>
    public static BlockFormat IQ4_XS { get; } = new CodedFormat<IQ4_XS>("IQ4_XS", 23, 256, 136);

    /// <summary>-1, 0 and 1, five in a byte, and a scale.</summary>
    public static BlockFormat TQ1_0 { get; } = new CodedFormat<TQ1_0>("TQ1_0", 34, 256, 54);

    /// <summary>-1, 0 and 1, four in a byte, and a scale.</summary>
    public static BlockFormat TQ2_0 { get; } = new CodedFormat<TQ2_0>("TQ2_0", 35, 256, 66);

    /// <summary>4-bit floats and a power of two (OCP's microscaling).</summary>
    public static BlockFormat MXFP4 { get; } = new CodedFormat<MXFP4>("MXFP4", 39, 32, 17);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BlockFormat> All { get; } =
        [F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, TQ1_0, TQ2_0, MXFP4];

    static readonly Dictionary<TensorDtype, BlockFormat> byDtype = All.ToDictionary(format => format.Dtype);

    /// <summary>The one of that name, in whatever case; null for others.</summary>
    public static BlockFormat? Named(string name) =>
        All.FirstOrDefault(format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The one that tensors of that dtype are kept in; null for plain numbers.</summary>
    public static BlockFormat? Of(TensorDtype dtype) => byDtype.GetValueOrDefault(dtype);
}
