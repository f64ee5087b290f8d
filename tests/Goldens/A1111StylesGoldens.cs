using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>AUTOMATIC1111's styles: applied, merged, taken out of prompts again, and odd files of them.</summary>
public sealed class A1111StylesGoldens
{
    const string Group = "diffusion/a1111/styles";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Style(string name) => Golden.Run(Group, name, c =>
    {
        string? prompt = Text(c["prompt"]), negative = Text(c["negative_prompt"]);
        if (Text(c["text"]) is { } file)
        {
            var rows = StyleSheet.Read(file).Styles.Select(style => new[] { style.Name, style.Prompt, style.NegativePrompt });
            Assert.Equal(c["result"].EnumerateArray().Select(row => row.EnumerateArray().Select(Text)), rows);
        }
        else if (Text(c["style"]) is { } style)
        {
            Assert.Equal(Text(c["result"]), PromptStyle.Merge(style, prompt!));
        }
        else if (c["styles"].ValueKind == JsonValueKind.Array)
        {
            var styled = Sheet(c).Apply(prompt!, negative!, c["styles"].EnumerateArray().Select(one => one.GetString()!));
            Assert.Equal((Text(c["result"][0]), Text(c["result"][1])), styled);
        }
        else if (prompt is not null && negative is not null)
        {
            var (names, rest, negativeRest) = Sheet(c).Extract(prompt, negative);
            Assert.Equal(c["result"][0].EnumerateArray().Select(Text), names);
            Assert.Equal((Text(c["result"][1]), Text(c["result"][2])), (rest, negativeRest));
        }
        else throw Golden.NotCovered("a case of another kind");
    });

    static StyleSheet Sheet(GoldenCase c) => StyleSheet.ReadFile(A1111Files.Of(c, "files/styles.csv"));

    static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
