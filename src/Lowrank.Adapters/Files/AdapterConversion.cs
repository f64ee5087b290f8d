namespace Lowrank.Adapters;

/// <summary>
/// Writes adapters that were read, made of others or trained, with hashes over what is written; values that are not finite are refused.
/// </summary>
public static class AdapterConversion
{
    /// <summary>Writes an adapter in a dialect, whole or not at all.</summary>
    /// <param name="path">The file, or the folder of a dialect that writes one.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model whose paths are spelled.</param>
    /// <param name="dialect">The spelling.</param>
    /// <param name="dtype">dtype of the factors; null keeps float32.</param>
    /// <param name="metadata">
    /// Metadata; null takes the adapter's. What tells of the file that it came from is left out, and hashes are computed anew.
    /// </param>
    /// <exception cref="LowrankException">The dialect has no name for a part.</exception>
    /// <exception cref="SpoiltAdapterException">Values are not finite in the dtype.</exception>
    public static WrittenAdapter Write(
        string path,
        Adapter adapter,
        ModelDescription model,
        Dialect dialect,
        ScalarType? dtype = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var underflow = new Underflow();
        var tensors = AdapterFile.Spell(adapter, model, dialect, dtype, underflow.Count);
        SpoiltAdapterException.Check(tensors);
        AdapterFile.Save(path, adapter, model, dialect, tensors, AdapterFile.Carried(metadata ?? adapter.Metadata));
        long bytes = tensors.Sum(t => t.Value.numel() * t.Value.element_size());
        return new(path, dialect.Name, adapter.Targets.Count, tensors.Count, bytes)
        {
            Notes = underflow.Note(dtype) is { } note ? [note] : [],
        };
    }

    /// <summary>
    /// The narrowest float dtype that holds the values of all of a file's tensors, by which a rewritten file loses nothing; float32 where
    /// none of <see cref="TensorDtypes.OfWeights"/> does. Alphas do not count.
    /// </summary>
    public static ScalarType DtypeOf(ITensorFile file)
    {
        // Both 16-bit floats hold every 8-bit one, and neither holds the other.
        var wide = FactorDtypes(file).Where(dtype => !dtype.IsFloat8()).ToList();
        return wide is [var one] && TensorDtypes.OfWeights.Contains(one) ? one.ToScalarType() : ScalarType.Float32;
    }

    /// <summary>A sentence about tensors whose dtype is not <see cref="DtypeOf"/>; null where all have it.</summary>
    public static string? DtypeNote(ITensorFile file)
    {
        var dtype = DtypeOf(file);
        var held = FactorDtypes(file);
        if (held.TrueForAll(one => one == TensorDtypes.Of(dtype))) return null;
        string all = string.Join(", ", held);
        string reason = held.Contains(TensorDtype.F64) ? "which is what is computed with" : "which holds them all";
        return $"The tensors of {file.Path} are {all}; without a dtype that is asked for they are written as {dtype}, {reason}.";
    }

    static List<TensorDtype> FactorDtypes(ITensorFile file) =>
    [
        .. file.Tensors.Where(t => t.Count > 1 && (t.Dtype.IsFloat() || t.Dtype.IsFloat8())).Select(t => t.Dtype).Distinct(),
    ];
}
