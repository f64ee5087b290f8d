namespace Lowrank.Adapters;

/// <summary>What an adapter file holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container">"safetensors", ...</param>
/// <param name="Dialect">The spelling; null if none is recognized.</param>
/// <param name="Family">Family of base models it looks made for: "sd1", "sd2", "sdxl"; null if its names and widths do not tell.</param>
/// <param name="Modules">The adapted layers.</param>
/// <param name="Dtypes">dtypes of its tensors.</param>
/// <param name="Parameters">Number of values in all tensors.</param>
/// <param name="Unplaced">Keys that follow no pattern of the dialect.</param>
/// <param name="OtherMethods">What those keys tell of that is not read.</param>
/// <param name="Metadata">Metadata strings.</param>
public sealed record AdapterReport(
    string Path,
    string Container,
    string? Dialect,
    string? Family,
    IReadOnlyList<AdapterModule> Modules,
    IReadOnlyList<string> Dtypes,
    long Parameters,
    IReadOnlyList<string> Unplaced,
    IReadOnlyList<string> OtherMethods,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Names of the embeddings that it brings.</summary>
    public IReadOnlyList<string> Embeddings { get; init; } = [];

    /// <summary>The virtual tokens that it puts before every row; null where it has none.</summary>
    public InspectedPrompt? Prompt { get; init; }

    /// <summary>What llama.cpp calls the base's family, as the metadata of a GGUF file tell it; null elsewhere.</summary>
    public string? Architecture { get; init; }

    /// <summary>What readers pass over: tensors that nobody needs, fields of a configuration that are not understood.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    /// <summary>The configuration that tells how training began, where there is one.</summary>
    internal System.Text.Json.JsonElement Beginning { get; init; }

    /// <summary>Names of all layers of which there is any tensor, whole or not.</summary>
    internal IReadOnlyList<string> Named { get; init; } = [];

    /// <summary>What readers take and a user should know, one sentence each without its full stop.</summary>
    internal IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What keeps readers from taking the whole file, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
