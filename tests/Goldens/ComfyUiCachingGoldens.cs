using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Graphs;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Graphs run one after the other: what need not be computed again, in which order the rest is, and how a failure ends it.</summary>
public sealed class ComfyUiCachingGoldens
{
    const string Group = "diffusion/comfyui/caching";

    static string Path => System.IO.Path.Combine(ComfyUiFolders.Goldens, "caching.json");

    static IReadOnlyList<JsonElement> Steps =>
        File.Exists(Path) ? [.. JsonDocument.Parse(File.ReadAllText(Path)).RootElement.GetProperty("steps").EnumerateArray()] : [];

    [Fact, Trait("kind", "goldens")]
    public void Caching()
    {
        Assert.SkipUnless(Steps.Count > 0, "no data");
        using var folders = new ComfyUiFolders();
        using var executor = new GraphExecutor(folders.Settings);
        string? failed = null;
        foreach (var step in Steps)
        {
            string name = step.GetProperty("name").GetString()!;
            try
            {
                Golden.Run(Group, name, () => Run(step, executor, folders.Settings.Folders));
            }
            catch (Exception error) when (error is not Xunit.Sdk.SkipException)
            {
                failed = $"{failed}{name}: {error.Message}\n";   // the steps after it are judged too
            }
        }
        if (failed is not null) Assert.Fail(failed);
    }

    static void Run(JsonElement step, GraphExecutor executor, GraphFolders folders)
    {
        var graph = ApiGraph.Of(PythonJson.Of(step.GetProperty("graph")));
        if (graph.Nodes.FirstOrDefault(node => GraphNodes.Find(node.ClassType) is null) is { } unknown) throw Golden.NotCovered($"node {unknown.ClassType}");
        using var swapped = Swapped(step, folders);
        var watch = new Seen();
        GraphFailure? failure = null;
        try
        {
            executor.Run(GraphValidation.Check(graph, folders), watch);
        }
        catch (GraphFailure error)
        {
            failure = error;
        }
        var expected = step.GetProperty("expected");
        Assert.Equal(Ids("cached"), watch.Cached.Order());
        Assert.Equal(Ids("executing"), watch.Ran.Order());
        Assert.Equal(Ids("executed"), watch.Shown.Order());
        Assert.Equal(expected.GetProperty("ended").GetString(), failure is null ? "execution_success" : "execution_error");
        if (failure is null) return;
        var error2 = expected.GetProperty("error");
        Assert.Equal(error2.GetProperty("node_id").GetString(), failure.Node.Id);
        Assert.Equal(error2.GetProperty("node_type").GetString(), failure.Node.ClassType);
        Assert.Equal(error2.GetProperty("executed").EnumerateArray().Select(id => id.GetString()).Order(), failure.Done.Order());

        IEnumerable<string?> Ids(string key) => expected.GetProperty(key).EnumerateArray().Select(id => id.GetString()).Order();
    }

    // A step whose picture holds other bytes says so in words: "photo.png holds other bytes (those of turned.png) during this run".
    static Restored? Swapped(JsonElement step, GraphFolders folders)
    {
        if (!step.TryGetProperty("about", out var about)) return null;
        var words = System.Text.RegularExpressions.Regex.Match(about.GetString()!, @"^(\S+) holds other bytes \(those of (\S+)\)");
        if (!words.Success) return null;
        string path = System.IO.Path.Combine(folders.Input, words.Groups[1].Value);
        var restored = new Restored(path, File.ReadAllBytes(path));
        File.WriteAllBytes(path, File.ReadAllBytes(System.IO.Path.Combine(folders.Input, words.Groups[2].Value)));
        return restored;
    }

    sealed record Restored(string Path, byte[] Bytes) : IDisposable
    {
        public void Dispose() => File.WriteAllBytes(Path, Bytes);
    }

    sealed class Seen : GraphWatch
    {
        public List<string> Cached { get; } = [];

        public List<string> Ran { get; } = [];

        public List<string> Shown { get; } = [];

        public override void Begins(IReadOnlyList<string> cached, IReadOnlyList<string> pending) => Cached.AddRange(cached);

        public override void Runs(PlacedNode node) => Ran.Add(node.Id);

        public override void Done(PlacedNode node, IReadOnlyList<GraphValue> values, NodeShows shows)
        {
            if (shows.Files.Count + shows.Texts.Count > 0) Shown.Add(node.Id);
        }

        public override void ShowsAgain(PlacedNode node, NodeShows shows) => Shown.Add(node.Id);
    }
}
