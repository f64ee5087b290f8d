using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Dynamic prompts of the library dynamicprompts: all combinations, in its order.</summary>
public sealed class DynamicPromptsGoldens
{
    const string Group = "diffusion/a1111/dynamic";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Combinations(string name) => Golden.Run(Group, name, c =>
    {
        using var folder = new TemporaryFolder();
        foreach (var file in c.Group.Json.GetProperty("wildcards").EnumerateObject())
        {
            string path = folder[file.Name];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Value.GetString());
        }
        var prompts = new DynamicPrompts(Wildcards.Of(folder.Path));
        string text = c["text"].GetString()!;
        int limit = c["limit"].GetInt32();
        // The library's words are its own.
        if (c["error"].ValueKind != JsonValueKind.Undefined) Assert.Throws<LowrankException>(() => prompts.All(text, limit));
        else Assert.Equal(c["result"].EnumerateArray().Select(result => result.GetString()!), prompts.All(text, limit).Prompts);
    });
}
