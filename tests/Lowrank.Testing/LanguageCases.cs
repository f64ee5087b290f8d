using System.Text.Json;

namespace Lowrank.Testing;

/// <summary>Small inputs made to the shape of what people met with language models, and what is right of each.</summary>
public static class LanguageCases
{
    static readonly string folder = FolderOf();
    static readonly Lazy<JsonElement> expected = new(() => JsonDocument.Parse(File.ReadAllText(Of("expectations.json"))).RootElement);

    // Beside another folder of goldens may lie other cases of the same layout.
    static string FolderOf()
    {
        string beside = Path.Combine(GoldenFolder.Root, "..", "cases", "language");
        return Directory.Exists(beside) ? beside
            : Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "language");
    }

    /// <summary>A file or folder of them.</summary>
    public static string Of(string name) => Path.Combine(folder, name);

    /// <summary>The numbers of a case.</summary>
    public static JsonElement Numbers(string name) => Expected.GetProperty("cases").GetProperty(name).GetProperty("numbers");

    /// <summary>All that is expected.</summary>
    public static JsonElement Expected => expected.Value;
}
