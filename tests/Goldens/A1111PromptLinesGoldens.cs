using System.Text.Json;
using System.Text.Json.Nodes;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>AUTOMATIC1111's prompts from a file, with options in the lines: the requests that they make.</summary>
public sealed class A1111PromptLinesGoldens
{
    const string Group = "diffusion/a1111/prompt_lines";

    // Of these the peer recorded nothing.
    static readonly string[] unrecorded = ["do_not_save_grid", "do_not_save_samples", "outpath_grids", "prompt_for_display", "sampler_index"];

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Lines(string name) => Golden.Run(Group, name, c =>
    {
        var result = c["result"];
        bool iterates = c["iterate_seed"].ValueKind == JsonValueKind.True;
        bool behind = c["position"].ValueKind == JsonValueKind.String && c["position"].GetString() == "end";
        var request = JsonNode.Parse(result.GetProperty("base").GetRawText())!.AsObject();
        var made = new WebUiPromptLines(c["text"].GetString()!, iterates, behind).Over(request, ModelNamed).ToList();
        Assert.Equal(result.GetProperty("pictures").GetInt32(), made.Count);
        foreach (var (want, got) in result.GetProperty("changed").EnumerateArray().Zip(made))
        {
            var changed = new JsonObject();
            foreach (var (field, value) in got)
                if (!unrecorded.Contains(field) && !JsonNode.DeepEquals(value, request[field])) changed[field] = value?.DeepClone();
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(want.GetRawText()), changed), $"wanted {want.GetRawText()}, got {changed.ToJsonString()}");
        }
    });

    static string? ModelNamed(string asked)
    {
        var among = GoldenGroup.Open("diffusion/a1111/names").Cases.Select(one => one["among"]).First(list => list.ValueKind == JsonValueKind.Array);
        var titles = among.EnumerateArray().Select(file => new CheckpointTitle(file.GetString()!, new string('\u0001', 64), new string('\u0001', 8))).ToList();
        return CheckpointTitle.Find(asked, titles)?.Name;
    }
}
