using System.Text.Json;

namespace Lowrank.Workbench.Tests;

/// <summary>Adapters as users report them, with the norms of their changes, computed in float64 by another program.</summary>
static class CaseFiles
{
    static readonly Lazy<JsonElement> norms = new(() => JsonDocument.Parse(File.ReadAllText(Of("norms.json"))).RootElement);

    /// <summary>A file or folder.</summary>
    public static string Of(string name) =>
        Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "files", name);

    /// <summary>Adapters of models that are not known, the first of two each.</summary>
    public static IEnumerable<string> Unknown => norms.Value.EnumerateObject().Select(entry => entry.Name);

    /// <summary>What is told of one of them.</summary>
    public static JsonElement Expected(string name) => norms.Value.GetProperty(name);

    /// <summary>Norms by layer.</summary>
    public static Dictionary<string, double> Norms(JsonElement told) => told.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());

    /// <summary>The norms in a file, by layer; those of single weights in a PEFT folder without what stands before a path.</summary>
    public static Dictionary<string, double> Measured(string path)
    {
        using var file = AdapterFile.Open(path);
        return AdapterInspection.Measure(file).Modules.ToDictionary(m => m.Name.Replace("base_model.model.", "", StringComparison.Ordinal), m => m.Norm!.Value);
    }

    /// <summary>Fails unless the layers are the same and their norms within a share of each other.</summary>
    public static void AssertClose(Dictionary<string, double> expected, Dictionary<string, double> actual, double share)
    {
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (layer, norm) in expected)
            Assert.True(Math.Abs(actual[layer] - norm) <= share * norm, $"{layer}: {actual[layer]}, and {norm} was expected");
    }
}
