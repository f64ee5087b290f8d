using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;

namespace Goldens;

/// <summary>The angles of rotary embeddings, kind by kind.</summary>
public class LanguageRopeGoldens
{
    const string Group = "language/models";

    static string File(string name) => Path.Combine(GoldenFolder.Root, Group, name);

    static List<JsonElement> List => System.IO.File.Exists(File("rope_cases.json"))
        ? [.. JsonDocument.Parse(System.IO.File.ReadAllText(File("rope_cases.json"))).RootElement.EnumerateArray()]
        : [];

    public static IEnumerable<TheoryDataRow<string>> Cases => GoldenFolder.Groups.Contains(Group)
        ? List.Select(rope => new TheoryDataRow<string>(rope.GetProperty("name").GetString()!))
        : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Rope(string name) => Golden.Run($"{Group} rope", name, () =>
    {
        var facts = List.First(rope => rope.GetProperty("name").GetString() == name);
        using var tensors = Safetensors.Open(File("rope.safetensors"));
        var near = facts.GetProperty("tolerance");
        LanguageRopeChecks.Check(facts, tensors, near.GetProperty("inv_freq_rel").GetDouble(), near.GetProperty("cos_abs").GetDouble());
    });
}
