namespace Lowrank.Formats;

/// <summary>A kind of quantised GGUF file, as llama.cpp names them: which type most tensors get, and by what mixture others get
/// more.</summary>
/// <param name="Name">"Q4_K_M".</param>
/// <param name="Number">The number under <c>general.file_type</c>.</param>
/// <param name="Most">The type that most tensors get.</param>
public sealed record QuantizedFileType(string Name, int Number, TensorDtype Most)
{
    /// <summary>Floats as they are.</summary>
    public static QuantizedFileType F32 { get; } = new("F32", 0, TensorDtype.F32);

    /// <summary>All that are written.</summary>
    public static IReadOnlyList<QuantizedFileType> All { get; } =
    [
        F32,
        Of("F16", 1, BlockFormats.F16), Of("Q4_0", 2, BlockFormats.Q4_0), Of("Q4_1", 3, BlockFormats.Q4_1),
        Of("Q8_0", 7, BlockFormats.Q8_0),
        Of("Q5_0", 8, BlockFormats.Q5_0), Of("Q5_1", 9, BlockFormats.Q5_1), Of("Q2_K", 10, BlockFormats.Q2_K),
        Of("Q3_K_S", 11, BlockFormats.Q3_K), Of("Q3_K_M", 12, BlockFormats.Q3_K), Of("Q3_K_L", 13, BlockFormats.Q3_K),
        Of("Q4_K_S", 14, BlockFormats.Q4_K), Of("Q4_K_M", 15, BlockFormats.Q4_K), Of("Q5_K_S", 16, BlockFormats.Q5_K),
        Of("Q5_K_M", 17, BlockFormats.Q5_K), Of("Q6_K", 18, BlockFormats.Q6_K), Of("Q2_K_S", 21, BlockFormats.Q2_K),
        Of("IQ4_NL", 25, BlockFormats.IQ4_NL), Of("IQ4_XS", 30, BlockFormats.IQ4_XS), Of("BF16", 32, BlockFormats.BF16),
        Of("TQ1_0", 36, BlockFormats.TQ1_0), Of("TQ2_0", 37, BlockFormats.TQ2_0), Of("MXFP4_MOE", 38, BlockFormats.MXFP4),
    ];

    static QuantizedFileType Of(string name, int number, BlockFormat most) => new(name, number, most.Dtype);

    /// <summary>The one of that name, in whatever case.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public static QuantizedFileType Named(string name) =>
        All.FirstOrDefault(type => string.Equals(type.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new LowrankException($"'{name}' is no kind of GGUF file that is written; there are {string.Join(", ", All)}.");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
