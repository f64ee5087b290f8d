using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>AUTOMATIC1111's X/Y/Z plot, its prompt matrix, and how it lays pictures out.</summary>
public sealed class A1111GridsGoldens
{
    const string Group = "diffusion/a1111/grids";
    const string Names = "diffusion/a1111/names";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Grid(string name) => Golden.Run(Group, name, c =>
    {
        switch (name.Split('/')[0])
        {
            case "axes": Axes(c); break;
            case "csv": Assert.Equal(Texts(c["result"]), GridValues.Split(c["text"].GetString()!)); break;
            case "matrix": Matrix(c); break;
            case "grid_size": GridSizes(c); break;
            case var _ when c["x"].ValueKind == JsonValueKind.Array: Plot(c); break;
            default: throw Golden.NotCovered("a case of another kind");
        }
    });

    static void Axes(GoldenCase c)
    {
        string[] kinds = ["str", "int", "float", "permutations"];
        var axes = new WebUiAxes(Files());
        Assert.Equal(
            c["result"].EnumerateArray().Select(axis => (axis[0].GetString(), axis[1].GetString(), axis[2].GetDouble())),
            axes.All().Select(axis => ((string?)axis.Label, (string?)kinds[(int)axis.Kind], axis.Cost)));
        // In the web UI's list, those for pictures stand among the others; the samplers' is there twice.
        var (fromText, fromPicture) = (axes.All().Select(axis => axis.Label).ToList(), axes.All(fromPicture: true).Select(axis => axis.Label).ToList());
        Assert.All(Texts(c["img2img_axes"]), label => Assert.Contains(label, fromPicture));
        Assert.Equal(fromPicture.Except(fromText).Order(), Texts(c["img2img_axes"]).Except(fromText).Order());
    }

    static void Plot(GoldenCase c)
    {
        var axes = new WebUiAxes(Files());
        var job = c["result"].ValueKind == JsonValueKind.Object ? JsonObject.Create(c["result"].GetProperty("base"))! : Base(c);
        Grid<JsonObject> Plan() => new(job, WebUiAxes.Subject, [.. "xyz".Select((axis, i) => Choice(c, axes, axis, i))]);
        if (c["error"].ValueKind == JsonValueKind.Object)
        {
            AssertTells(c["error"].GetProperty("text").GetString()!, Assert.Throws<LowrankException>(Plan).Message);
            return;
        }
        var (grid, result) = (Plan(), c["result"]);
        Assert.Equal(result.GetProperty("pictures").GetInt32(), grid.Cells.Count);
        foreach (var (cell, changed) in grid.Cells.Zip(result.GetProperty("changed").EnumerateArray())) AssertChanged(c, job, cell.Job, changed);
        if (result.GetProperty("infotext").GetString() is not { } text)
        {
            Assert.NotEmpty(grid.Notes);   // the web UI says nothing
            return;
        }
        Assert.Equal(text, string.Join("; ", grid.Facts.Select(fact => $"{fact.Key}={fact.Value}")));
        Assert.Equal(result.GetProperty("labels").EnumerateArray().Select(drawing => Lines(drawing)), Drawings(grid));
    }

    static GridChoice<JsonObject> Choice(GoldenCase c, WebUiAxes axes, char axis, int index)
    {
        var chosen = c[axis.ToString()];
        var named = axes.Named(chosen[0].GetString()!);
        return new(named.Label == "Nothing" ? null : named, chosen[1].GetString()!, c["vary_seeds"][index].GetBoolean());
    }

    // The web UI draws a grid of columns and rows for each value of Z, and then one of those.
    static IEnumerable<string> Drawings<T>(Grid<T> grid)
    {
        string inner = string.Join("\n", [.. grid.ColumnLabels, .. grid.RowLabels]), outer = string.Join("\n", [.. grid.GridLabels, ""]);
        return [.. grid.GridLabels.Select(_ => inner), outer];
    }

    static string Lines(JsonElement drawing) => string.Join("\n", drawing.EnumerateArray().Select(lines => string.Join(" / ", Texts(lines))));

    // A case with an error tells no base: another's, with what this one's job says.
    static JsonObject Base(GoldenCase c)
    {
        var other = c.Group.Cases.First(one => one["result"].ValueKind == JsonValueKind.Object && one["result"].TryGetProperty("base", out _));
        var job = JsonObject.Create(other["result"].GetProperty("base"))!.DeepClone().AsObject();
        foreach (var own in c["job"].EnumerateObject()) job[own.Name] = JsonNode.Parse(own.Value.GetRawText());
        return job;
    }

    // What Python's error quotes, ours must tell too.
    static void AssertTells(string theirs, string ours)
    {
        foreach (string part in new[] { @"'([^']*)'", @"Unknown \w+: (.*)$", @"did not find (.*) in prompt", @"\((\d+) MPixels\)" })
            if (Regex.Match(theirs, part) is { Success: true } match) Assert.Contains(match.Groups[1].Value, ours, StringComparison.Ordinal);
    }

    static void AssertChanged(GoldenCase c, JsonObject job, JsonObject cell, JsonElement changed)
    {
        var want = job.DeepClone().AsObject();
        foreach (var field in changed.EnumerateObject()) want[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        foreach (string field in Recorded(c.Group))
        {
            string told = $"{c.Name}: {field} is {cell[field]?.ToJsonString()}, expected {want[field]?.ToJsonString()}";
            Assert.True(Same(want[field], cell[field]), told);
        }
    }

    // Fields that the golden's writer looked at.
    static HashSet<string> Recorded(GoldenGroup group)
    {
        var results = group.Cases.Select(c => c["result"]).Where(r => r.ValueKind == JsonValueKind.Object && r.TryGetProperty("base", out _)).ToList();
        var objects = results.Select(r => r.GetProperty("base")).Concat(results.SelectMany(r => r.GetProperty("changed").EnumerateArray()));
        return [.. objects.SelectMany(o => o.EnumerateObject().Select(field => field.Name))];
    }

    static bool Same(JsonNode? want, JsonNode? got) => (want, got) switch
    {
        (JsonValue a, JsonValue b) when IsNumber(a) && IsNumber(b) => Number(a) == Number(b),
        (JsonObject a, JsonObject b) => a.Count == b.Count && a.All(field => Same(field.Value, b[field.Key])),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(want, got),
    };

    static bool IsNumber(JsonValue value) => value.GetValueKind() == JsonValueKind.Number;

    static double Number(JsonValue value) => JsonDocument.Parse(value.ToJsonString()).RootElement.GetDouble();

    static void Matrix(GoldenCase c)
    {
        var (matrix, result) = (new PromptMatrix(c["prompt"].GetString()!), c["result"]);
        string delimiter = c["delimiter"].GetString() == "comma" ? ", " : " ";
        Assert.Equal(Texts(result.GetProperty("prompt")), matrix.Prompts(c["put_at_start"].GetBoolean(), delimiter));
        var seeds = result.GetProperty("seed").EnumerateArray().Select(seed => seed.GetInt64()).ToList();
        Assert.Equal(seeds, matrix.Seeds(seeds[0], c["different_seeds"].GetBoolean()));
        int batch = result.GetProperty("batch_size").GetInt32();
        Assert.Equal(result.GetProperty("n_iter").GetInt32(), (matrix.Count + batch - 1) / batch);
        Assert.Equal(result.GetProperty("for_display").GetString(), matrix.Text);
    }

    static void GridSizes(GoldenCase c)
    {
        int count = c["count"].GetInt32(), width = c["cell"][0].GetInt32(), height = c["cell"][1].GetInt32();
        foreach (var layout in c["result"].EnumerateObject())
        {
            var shape = layout.Name switch
            {
                "default" => GridShape.Square(count),
                "batch_rows" => GridShape.OfRows(count, c["batch_size"].GetInt32()),
                "no_empty" => GridShape.Full(count),
                _ when layout.Name.StartsWith("rows_", StringComparison.Ordinal) => GridShape.OfRows(count, int.Parse(layout.Name[5..])),
                _ => throw Golden.NotCovered(layout.Name),
            };
            Assert.Equal((layout.Value[0].GetInt32(), layout.Value[1].GetInt32()), (shape.Columns * width, shape.Rows * height));
        }
    }

    // The models of the web UI that made these numbers, as the group of names tells them; its one VAE, as the README does.
    static WebUiFiles Files()
    {
        var among = GoldenGroup.Open(Names).Cases.First(c => c["among"].ValueKind == JsonValueKind.Array)["among"];
        return new([.. Texts(among).Select(file => new CheckpointTitle(file, null, ""))], ["other.safetensors"]);
    }

    static IReadOnlyList<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
