namespace Lowrank.Formats;

/// <summary>Which tensor gets which type in a kind of quantised file: llama.cpp's mixtures, without an importance matrix.</summary>
/// <remarks>By ggml-org/llama.cpp, src/llama-quant.cpp. Tensors are gone through in the order that they have in the file: some kinds count
/// those of a role.</remarks>
public static class QuantizationPlan
{
    /// <summary>The type of each tensor, in their order.</summary>
    /// <param name="fileType">The kind of file.</param>
    /// <param name="model">What the mixture depends on.</param>
    /// <param name="tensors">Names, types and shapes, as in a GGUF file.</param>
    /// <param name="options">Wishes; null for none.</param>
    /// <exception cref="LowrankException">A tensor is quantised already and that is not allowed, a wished type does not fit its rows,
    /// or the kind of file wants an importance matrix.</exception>
    public static IReadOnlyList<TensorDtype> Types(
        QuantizedFileType fileType, QuantizedModel model, IReadOnlyList<TensorInfo> tensors, QuantizationOptions? options = null)
    {
        var mixture = new QuantizationMixture(fileType, model, tensors, options ?? new());
        return [.. tensors.Select(mixture.TypeOf)];
    }

    /// <summary>In the order that a quantiser writes tensors: those of no layer first, then layer by layer, each by its name.</summary>
    public static IEnumerable<TensorInfo> Ordered(IEnumerable<TensorInfo> tensors) =>
        tensors.OrderBy(info => LayerOf(info.Name) ?? -1).ThenBy(info => info.Name, StringComparer.Ordinal);

    /// <summary>The number after <c>blk.</c>; null for a tensor of no layer.</summary>
    internal static int? LayerOf(string name)
    {
        if (!name.StartsWith("blk.", StringComparison.Ordinal)) return null;
        return int.TryParse(name.AsSpan(4, Math.Max(0, name.IndexOf('.', 4) - 4)), out int layer) ? layer : null;
    }
}
