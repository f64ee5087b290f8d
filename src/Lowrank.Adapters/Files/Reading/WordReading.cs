namespace Lowrank.Adapters;

/// <summary>Reads the words that a file brings.</summary>
/// <param name="file">The file.</param>
/// <param name="model">The model whose encoders know words.</param>
/// <param name="dialect">The dialect of the file.</param>
/// <param name="found">Is told of vectors that are no words of the model.</param>
sealed class WordReading(ITensorFile file, ModelDescription model, Dialect dialect, ReadFindings found)
{
    readonly Dictionary<string, Dictionary<string, Tensor>> words = [];

    /// <summary>The words; they belong to no scope.</summary>
    public IReadOnlyList<AdapterEmbedding> Words => [.. words.Select(word => new AdapterEmbedding(word.Key, word.Value))];

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => words.Keys;

    /// <summary>
    /// Takes a word's vectors among those of the encoder whose words have that width; false where the model has no such encoder.
    /// </summary>
    public bool Add(string key, string name, string? encoderName)
    {
        var encoders = dialect.Words.Encoders(model, encoderName).ToList();
        if (encoders.Count == 0) return false;
        var read = file.Read(key);
        if (!read.is_floating_point())
        {
            found.Faults.Add($"{key} holds {read.dtype}, and vectors of a word are floats");
            return true;
        }
        var value = read.to(ScalarType.Float32);
        long width = value.dim() > 0 ? value.shape[^1] : 0;
        var encoder = encoders.FirstOrDefault(c => c.WordWidth is not { } own || own == width);
        if (FaultOf(key, value, width, encoder, encoders[0]) is { } fault)
        {
            found.Faults.Add(fault);
            return true;
        }
        if (!words.TryGetValue(name, out var vectors)) words[name] = vectors = [];
        if (vectors.ContainsKey(encoder!.Name))
            found.Faults.Add($"the embedding {name} stands in the file twice, the second time as {key}");
        else vectors[encoder.Name] = value.reshape(-1, width).clone().DetachFromDisposeScope();
        return true;
    }

    static string? FaultOf(string key, Tensor value, long width, ModelComponent? encoder, ModelComponent first)
    {
        if (encoder is null) return $"{key} has vectors of width {width}, and the words of {first.Name} have {first.WordWidth}";
        if (value.dim() > 2 || value.numel() == 0)
            return $"{key} has shape {value.shape.Text()}, and an embedding is vectors (count, width)";
        return ValueRange.AreFinite(value) ? null : $"{key} holds values that are not finite";
    }
}
