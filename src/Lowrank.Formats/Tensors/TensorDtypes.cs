namespace Lowrank.Formats;

/// <summary>The dtypes of safetensors files, which are libtorch's too.</summary>
public static class TensorDtypes
{
    /// <summary>All of them, from small alignment to large. Writers lay tensors out by it, last one first.</summary>
    public static IReadOnlyList<TensorDtype> All { get; } =
    [
        TensorDtype.BOOL, TensorDtype.U8, TensorDtype.I8, TensorDtype.F8_E5M2, TensorDtype.F8_E4M3, TensorDtype.I16, TensorDtype.U16,
        TensorDtype.F16, TensorDtype.BF16, TensorDtype.I32, TensorDtype.U32, TensorDtype.F32, TensorDtype.F64, TensorDtype.I64,
        TensorDtype.U64,
    ];

    /// <summary>The floats that weights are kept in.</summary>
    public static IReadOnlyList<TensorDtype> OfWeights { get; } = [TensorDtype.F16, TensorDtype.BF16, TensorDtype.F32];

    static readonly Dictionary<string, TensorDtype> byName = All.ToDictionary(dtype => dtype.Name);
    static readonly Dictionary<TensorDtype, int> places = All.Index().ToDictionary(pair => pair.Item, pair => pair.Index);

    /// <summary>The one of that name, spelled as in the header; null for others.</summary>
    public static TensorDtype? Named(string name) => byName.GetValueOrDefault(name);

    /// <summary>The type with the same bytes as libtorch's.</summary>
    /// <exception cref="LowrankException">A type that no file holds, such as a complex one.</exception>
    public static TensorDtype Of(ScalarType scalar) =>
        All.FirstOrDefault(dtype => dtype.ToScalarType() == scalar) ?? throw new LowrankException(
            $"tensors of dtype {scalar} cannot be written; those of {string.Join(", ", All)} can. Cast it first.");

    /// <summary>Where a type stands in the order of writing.</summary>
    /// <exception cref="LowrankException">A type that safetensors files do not hold.</exception>
    internal static int PlaceOf(TensorDtype dtype) => places.TryGetValue(dtype, out int place) ? place
        : throw new LowrankException($"a safetensors file holds no {dtype}; it holds {string.Join(", ", All)}. Cast it first.");
}
