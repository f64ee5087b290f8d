using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>What a file holds of one target: tensors by part name, and the configuration beside them where the format has one.</summary>
/// <param name="values">Tensors by part name, shared ones (a bank, a projection) included.</param>
/// <param name="config">adapter_config.json's content; default where tensors are all there is.</param>
public sealed class StoredParts(IReadOnlyDictionary<string, Tensor> values, JsonElement config = default)
{
    /// <summary>By part name.</summary>
    public IReadOnlyDictionary<string, Tensor> Values => values;

    /// <summary>The part of that name.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public Tensor this[string part] => Find(part) ?? throw new LowrankException($"there is no {part} beside {string.Join(", ", values.Keys)}");

    /// <summary>The part of that name, or null.</summary>
    public Tensor? Find(string part) => values.GetValueOrDefault(part);

    /// <summary>A part of one element as a number, or null.</summary>
    public double? Number(string part) => Find(part) is { } value ? value.to(ScalarType.Float64).reshape([]).ToDouble() : null;

    /// <summary>A number of the configuration.</summary>
    public double Setting(string name, double otherwise) =>
        Has(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;

    /// <summary>A switch of the configuration.</summary>
    public bool Setting(string name, bool otherwise) =>
        Has(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    /// <summary>A word of the configuration.</summary>
    public string? Setting(string name) => Has(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether there is a configuration: PEFT's, whose alpha, rank and switches are told there alone.</summary>
    public bool HasConfig => config.ValueKind == JsonValueKind.Object;

    bool Has(string name, out JsonElement value)
    {
        value = default;
        return HasConfig && config.TryGetProperty(name, out value);
    }
}
