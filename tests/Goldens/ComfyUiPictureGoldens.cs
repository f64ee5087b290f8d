using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Graphs;
using Lowrank.Testing;

namespace Goldens;

/// <summary>A picture that ComfyUI saved, with the graph that made it in its texts.</summary>
public sealed class ComfyUiPictureGoldens
{
    const string Group = "diffusion/comfyui/picture";

    static string Of(string ending) => Path.Combine(ComfyUiFolders.Goldens, $"picture.{ending}");

    public static IEnumerable<TheoryDataRow<string>> Cases => File.Exists(Of("json")) ? [new("read"), new("made again")] : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Picture(string name) => Golden.Run(Group, name, () =>
    {
        var c = JsonDocument.Parse(File.ReadAllText(Of("json"))).RootElement;
        var texts = c.GetProperty("chunks").EnumerateArray().Where(chunk => chunk.TryGetProperty("keyword", out _))
            .Select(chunk => (chunk.GetProperty("keyword").GetString()!, chunk.GetProperty("text").GetString()!)).ToList();
        if (name == "read") Read(texts);
        else MadeAgain(c, texts);
    });

    static void Read(List<(string Keyword, string Text)> texts)
    {
        var read = GraphFile.Read(Of("png"));
        Assert.Equal(texts.First(text => text.Keyword == "prompt").Text, PythonJson.Write(read.Graph.Written()));
        Assert.Equal(texts.First(text => text.Keyword == "workflow").Text, PythonJson.Write(read.Workflow));
    }

    static void MadeAgain(JsonElement c, List<(string Keyword, string Text)> texts)
    {
        var graph = ApiGraph.Of(PythonJson.Of(c.GetProperty("graph")));
        if (graph.Nodes.FirstOrDefault(node => GraphNodes.Find(node.ClassType) is null) is { } unknown) throw Golden.NotCovered($"node {unknown.ClassType}");
        using var folders = new ComfyUiFolders();
        using var executor = new GraphExecutor(folders.Settings);
        var verdict = GraphValidation.Check(graph, folders.Settings.Folders);
        executor.Run(verdict, new GraphWatch(), new Dictionary<string, object?> { ["workflow"] = PythonJson.Of(c.GetProperty("workflow")) });
        string made = Path.Combine(folders.Settings.Folders.Output, Assert.Single(folders.Saved));
        byte[] bytes = File.ReadAllBytes(made);
        Assert.Equal(texts, texts.Select(text => (text.Keyword, PngText.Find(bytes, text.Keyword)!)));
        byte[] want = PictureFile.Read(Of("png")).Pixels, got = PictureFile.Read(made).Pixels;
        Assert.Equal(want.Length, got.Length);
        // 255·x is cut: where it is a whole number but for the last bits, either neighbour is as good.
        Assert.True(want.Zip(got).All(pair => Math.Abs(pair.First - pair.Second) <= 1), "a byte is off by more than 1");
        Assert.True(want.Zip(got).Count(pair => pair.First != pair.Second) < want.Length / 100, "more than one byte in a hundred is off");
    }
}
