namespace Lowrank.Models;

/// <summary>Asks a GGUF file's metadata for what its model is, and reports at once what is missing and what nobody asked for.</summary>
/// <param name="file">The file.</param>
sealed class GgufKeys(GgufFile file)
{
    // They say what is known otherwise, or how a file came to be.
    static readonly string[] telling = ["vocab_size", "rope.scaling.finetuned", "tensor_data_layout"];

    readonly HashSet<string> asked = [];
    readonly HashSet<string> tables = [];
    readonly List<string> faults = [];

    /// <summary>What keys of the model begin with, and how it is built: "llama".</summary>
    public string Architecture { get; } = file.Entries.Text(GgufArchitecture.Key) ?? "";

    /// <summary>The tables of numbers that were asked for: they are no weights.</summary>
    public IReadOnlySet<string> Tables => tables;

    /// <summary>What the user should know.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The whole number of a key of the model; null where there is none.</summary>
    public int? Count(string key)
    {
        if (Checked(Asked(key), file.Entries.Integer) is not { } value) return null;
        Require(value is >= 0 and <= int.MaxValue, $"{Asked(key)} is {value}, and a count belongs there");
        return (int)Math.Clamp(value, 0, int.MaxValue);
    }

    /// <summary>The number of a key of the model, as it was before it was cut to 32 bits; null where there is none.</summary>
    public double? Number(string key)
    {
        if (Checked(Asked(key), file.Entries.Number) is not { } value) return null;
        Require(double.IsFinite(value), $"{Asked(key)} is {PlainValue.Text(value)}, and a number belongs there");
        return double.IsFinite(value) ? Shortest((float)value) : 0;
    }

    /// <summary>The text of a key of the model; null where there is none.</summary>
    public string? Text(string key) => file.Entries.Text(Asked(key));

    /// <summary>The truth value of a key of the model; null where there is none.</summary>
    public bool? Flag(string key) => file.Entries.Flag(Asked(key));

    /// <summary>The id of a token that has a part to play: "bos"; null where there is none.</summary>
    public int? Token(string part) => file.Entries.Integer($"tokenizer.ggml.{part}_token_id") is { } id and >= 0 and < int.MaxValue
        ? (int)id : null;

    /// <summary>The shape of a tensor; null where there is none.</summary>
    public long[]? ShapeOf(string tensor) => file.Tensors.FirstOrDefault(info => info.Name == tensor)?.Shape;

    /// <summary>The numbers of a tensor that is no weight; null where there is none.</summary>
    public double[]? Table(string tensor)
    {
        if (ShapeOf(tensor) is null) return null;
        tables.Add(tensor);
        using var scope = NewDisposeScope();
        var values = file.Read(tensor).to(ScalarType.Float32).reshape(-1).contiguous();
        return [.. values.data<float>().ToArray().Select(Shortest)];
    }

    /// <summary>Adds a fault.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds) faults.Add(otherwise);
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="LowrankException">Lists every fault, and the model's keys that nobody asked for: they may change the
    /// answer.</exception>
    public void Finish()
    {
        string prefix = Architecture + ".";
        foreach (var entry in file.Entries)
        {
            bool isOdd = entry.Key.StartsWith(prefix, StringComparison.Ordinal) && !asked.Contains(entry.Key)
                && !telling.Contains(entry.Key[prefix.Length..]);
            if (isOdd) faults.Add($"{entry.Key} is {entry.Shown}, a key that is not known here and may change the answer");
        }
        if (faults.Count > 0)
            throw new LowrankException($"{file.Path} describes a model that cannot be built: {string.Join("; ", faults)}.");
    }

    string Asked(string key)
    {
        string whole = $"{Architecture}.{key}";
        asked.Add(whole);
        return whole;
    }

    // Some models have a number for each layer.
    T? Checked<T>(string key, Func<string, T?> read) where T : struct
    {
        if (file.Entries.Find(key)?.Value is not GgufArray array) return read(key);
        double[] numbers = array.Floats();
        Require(numbers.Distinct().Count() == 1,
            $"{key} is {file.Entries.Find(key)!.Shown}, another number for each layer, and layers that are all alike are built");
        bool isHeld = typeof(T) != typeof(long)
            || numbers.All(number => Math.Abs(number) <= int.MaxValue && number == Math.Truncate(number));
        Require(isHeld, $"{key} is {file.Entries.Find(key)!.Shown}, and whole numbers belong there");
        if (numbers.Length == 0 || !isHeld) return null;
        return (T)Convert.ChangeType(numbers[0], typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }

    // 1e-5, which 32 bits hold as 9.99999974737875e-06.
    static double Shortest(float value) => double.Parse(
        value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
