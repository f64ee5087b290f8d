using System.Text.Json;

namespace Lowrank.Models;

/// <summary>A model's config.json, asked for what GGUF files say of a model.</summary>
/// <param name="path">Where it lies, for errors.</param>
/// <param name="architecture">The architecture's name there, with which keys begin.</param>
/// <param name="json">The config.</param>
/// <param name="fileType">The number of the kind of file that is written.</param>
sealed class GgufSource(string path, string architecture, JsonElement json, int fileType)
{
    readonly List<GgufEntry> first = [];
    readonly List<GgufEntry> entries = [];
    readonly List<TensorSource> tables = [];

    /// <summary>What stands before all that is said of the file in general.</summary>
    public IReadOnlyList<GgufEntry> First => first;

    /// <summary>The model's keys, in their order.</summary>
    public IReadOnlyList<GgufEntry> Entries => entries;

    /// <summary>Tensors that are no weights.</summary>
    public IReadOnlyList<TensorSource> Tables => tables;

    /// <summary>What GGUF files do not hold of it, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The number of the kind of file.</summary>
    public int FileType => fileType;

    /// <summary>The object that tells of the rotary embedding, in newer files and older ones; the one of layers that see all, where each
    /// kind of layers has its own.</summary>
    public JsonElement Rope => Object(Ropes, "full_attention") ?? Ropes ?? json;

    JsonElement? Ropes => Object(json, "rope_parameters") ?? Object(json, "rope_scaling");

    /// <summary>The base of layers that slide; null where they have none of their own.</summary>
    public double? LocalBase => (Object(Ropes, "sliding_attention") is { } local ? NumberIn(local, "rope_theta") : null)
        ?? Number("rope_local_base_freq");

    /// <summary>A number of the rotary embedding, which older files have outside of its object.</summary>
    public double? RopeNumber(string field) => NumberIn(Rope, field) ?? Number(field);

    /// <summary>The word of the rotary embedding's kind; null for a plain one.</summary>
    public string? RopeType => Text(Rope, "rope_type") ?? Text(Rope, "type");

    /// <summary>A field that is a number; null where it is absent.</summary>
    public double? Number(string field) => NumberIn(json, field);

    /// <summary>A field that is a whole number; null where it is absent.</summary>
    public int? Count(string field) => (int?)Number(field);

    /// <summary>The same, which must be there.</summary>
    /// <exception cref="LowrankException">It is absent.</exception>
    public int Needed(string field) => Count(field)
        ?? throw new LowrankException($"{path} has no {field}, which a GGUF file tells. Add it.");

    /// <summary>Numbers of the rotary embedding.</summary>
    /// <exception cref="LowrankException">They are absent.</exception>
    public float[] RopeNumbers(string field) => Rope.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(number => (float)number.GetDouble())]
        : throw new LowrankException($"{path} has no {field} in its rotary embedding, which a GGUF file holds.");

    /// <summary>Tells a whole number.</summary>
    public void Add(string key, int value) => entries.Add(Entry(key, checked((uint)value)));

    /// <summary>Tells a number.</summary>
    public void Add(string key, double value) => entries.Add(Entry(key, (float)value));

    /// <summary>Tells a text.</summary>
    public void Add(string key, string value) => entries.Add(Entry(key, value));

    /// <summary>Tells a truth value.</summary>
    public void Add(string key, bool value) => entries.Add(Entry(key, value));

    /// <summary>Tells what is not of the model itself.</summary>
    public void Add(GgufEntry entry) => entries.Add(entry);

    /// <summary>Tells a number before all else.</summary>
    public void AddFirst(string key, double value) => first.Add(Entry(key, (float)value));

    /// <summary>Adds a table of numbers.</summary>
    public void AddTable(string name, float[] values) =>
        tables.Add(new(new(name, TensorDtype.F32, [values.Length]), () => tensor(values, ScalarType.Float32, CPU)));

    /// <summary>An error about the config.</summary>
    public LowrankException Fault(string what) => new($"{path}: {what}");

    GgufEntry Entry(string key, object value) => new($"{architecture}.{key}", value);

    static JsonElement? Object(JsonElement? of, string field) =>
        of is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(field, out var value)
            && value.ValueKind == JsonValueKind.Object ? value : null;

    static double? NumberIn(JsonElement of, string field) =>
        of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static string? Text(JsonElement of, string field) =>
        of.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
