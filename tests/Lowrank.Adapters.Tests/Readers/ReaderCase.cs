using System.Text.Json;

namespace Lowrank.Adapters.Tests;

/// <summary>An adapter that another program wrote for the demo's base, and what that program's own merge made of the base.</summary>
/// <remarks>PEFT 0.21.2, diffusers 0.42.1, LyCORIS 4.1.3 and sd-scripts wrote the files in data/; their merges are the truth.</remarks>
sealed record ReaderCase(string Name, string File, IReadOnlyDictionary<string, double> Norms, IReadOnlyList<string> Probes)
{
    public static string Folder { get; } = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Adapters.Tests", "Readers", "data");

    static readonly Lazy<List<ReaderCase>> all = new(() =>
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, "cases.json")));
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(Of)];
    });

    public static IReadOnlyList<ReaderCase> All => all.Value;

    static ReaderCase Of(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        Path.Combine(Folder, json.GetProperty("file").GetString()!),
        json.GetProperty("norms_of_changes").EnumerateObject().ToDictionary(norm => norm.Name, norm => norm.Value.GetDouble()),
        [.. json.GetProperty("probes").EnumerateArray().Select(probe => probe.GetString()!)]);
}
