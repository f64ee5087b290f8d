using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>What a file holds of one target: tensors by part name, and the configuration beside them where the format has one.</summary>
/// <param name="values">Tensors by part name, shared ones (a bank, a projection) included.</param>
/// <param name="config">adapter_config.json's content; default where tensors are all there is.</param>
/// <param name="begin">The base's weight and what the adapter's targets share; null where only the parts are at hand.</param>
public sealed class StoredParts(IReadOnlyDictionary<string, Tensor> values, JsonElement config = default, Initialization? begin = null)
{
    /// <summary>The base's weight, where it is at hand, and what the adapter's targets share.</summary>
    public Initialization Begin { get; } = begin ?? new Initialization();

    /// <summary>By part name.</summary>
    public IReadOnlyDictionary<string, Tensor> Values => values;

    /// <summary>The part of that name.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public Tensor this[string part] => Find(part) ?? throw new LowrankException(
        $"there is no {part} beside {string.Join(", ", values.Keys)}");

    /// <summary>The part of that name, or null.</summary>
    public Tensor? Find(string part) => values.GetValueOrDefault(part);

    /// <summary>A part of one element as a number, or null.</summary>
    /// <exception cref="LowrankException">It has another number of elements.</exception>
    public double? Number(string part) => Find(part) switch
    {
        null => null,
        { } value when value.numel() == 1 => value.to(ScalarType.Float64).reshape([]).ToDouble(),
        { } value => throw new LowrankException($"{part} has {value.numel()} values, and it is one number"),
    };

    /// <summary>A number of the configuration.</summary>
    public double Setting(string name, double otherwise) =>
        Has(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;

    /// <summary>A switch of the configuration.</summary>
    public bool Setting(string name, bool otherwise) =>
        Has(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    /// <summary>A word of the configuration.</summary>
    public string? Setting(string name) => Has(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>
    /// A method's own options as the configuration tells them: every argument that it names, and the defaults for the rest.
    /// </summary>
    /// <exception cref="LowrankException">A value that the argument does not take.</exception>
    public T Options<T>(MethodDescriptor method, int rank = 1) where T : MethodOptions
    {
        var options = method.OwnOptions(new MethodOptions(Math.Max(rank, 1)));
        foreach (var argument in method.Arguments.Where(argument => argument.Get is not null))
        {
            if (!Has(argument.Name, out var value)) continue;
            if (Text(value) is { } text) options = argument.Set(options, text);
        }
        return (T)options;
    }

    static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Array => string.Join(",", value.EnumerateArray().Select(Text)),
        _ => null,
    };

    /// <summary>The whole numbers of a list in the configuration; none where it tells none.</summary>
    public IReadOnlyList<long> Numbers(string name) => Has(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(one => one.TryGetInt64(out long number) ? number : throw new LowrankException(
            $"{name} holds {one.GetRawText()}, which is no whole number"))]
        : [];

    /// <summary>Whether there is a configuration: PEFT's, whose alpha, rank and switches are told there alone.</summary>
    public bool HasConfig => config.ValueKind == JsonValueKind.Object;

    bool Has(string name, out JsonElement value)
    {
        value = default;
        return HasConfig && config.TryGetProperty(name, out value);
    }
}
