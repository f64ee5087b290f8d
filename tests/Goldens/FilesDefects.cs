using System.Text.Json;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The cases of files/defects.json, which stand beside cases.json in a list of their own.</summary>
static class FilesDefects
{
    static readonly Lazy<IReadOnlyList<JsonElement>> all = new(() =>
    {
        string path = Path.Combine(GoldenFolder.Root, "files", "defects.json");
        return File.Exists(path) ? [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray()] : [];
    });

    /// <summary>Those of a kind, "container" or "content".</summary>
    public static IEnumerable<JsonElement> Of(string kind) => all.Value.Where(defect => defect.GetProperty("kind").GetString() == kind);

    /// <summary>Runs one case inside a scope and counts it in the score.</summary>
    public static void Run(string group, string id, Action<JsonElement> body) =>
        Golden.Run(group, id, () => body(all.Value.First(defect => defect.GetProperty("id").GetString() == id)));
}
