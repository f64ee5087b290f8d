using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Graphs.Tests;

/// <summary>Runs a graph in a folder of its own and looks at what its nodes give.</summary>
sealed class RunGraph : GraphWatch, IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly Dictionary<string, IReadOnlyList<GraphValue>> values = [];
    readonly List<string> notes = [];
    readonly GraphExecutor executor;
    readonly GraphSettings settings;

    public RunGraph(bool likeComfyUi = false)
    {
        settings = new()
        {
            Folders = new() { Models = folder["models"], Input = folder.Path, Output = folder["out"], Temporary = folder["temp"] },
            LikeComfyUi = likeComfyUi,
        };
        executor = new(settings);
    }

    /// <summary>A path in the folder, in which graphs find their pictures.</summary>
    public string this[string name] => folder[name];

    /// <summary>What nodes told.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Runs it.</summary>
    public void Run(string graph)
    {
        var verdict = GraphValidation.Check(ApiGraph.Parse(graph), settings.Folders);
        Assert.Empty(new GraphReview(verdict, settings.Folders).Faults());
        executor.Run(verdict, this);
    }

    /// <summary>The numbers of a tensor that a node gave.</summary>
    public float[] Numbers(string id, int slot = 0) =>
        values[id][slot].Tensors.First().to(ScalarType.Float32).contiguous().data<float>().ToArray();

    /// <summary>The shape of a tensor that a node gave.</summary>
    public long[] Shape(string id, int slot = 0) => values[id][slot].Tensors.First().shape;

    public override void Done(PlacedNode node, IReadOnlyList<GraphValue> values, NodeShows shows)
    {
        this.values[node.Id] = values;
        notes.AddRange(shows.Notes);
    }

    public void Dispose()
    {
        executor.Dispose();
        folder.Dispose();
    }
}
