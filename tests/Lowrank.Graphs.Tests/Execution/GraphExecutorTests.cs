using Lowrank.Formats;
using Lowrank.Testing;

namespace Lowrank.Graphs.Tests;

public class GraphExecutorTests
{
    sealed class Ran : GraphWatch
    {
        public List<string> Nodes { get; } = [];

        public override void Runs(PlacedNode node) => Nodes.Add(node.Id);
    }

    static GraphSettings Settings(TemporaryFolder folder) => new()
    {
        Folders = new() { Models = folder["models"], Input = folder.Path, Output = folder["out"], Temporary = folder["temp"] },
    };

    static List<string> Run(GraphExecutor executor, GraphSettings settings, ApiGraph graph)
    {
        var ran = new Ran();
        executor.Run(GraphValidation.Check(graph, settings.Folders), ran);
        return ran.Nodes;
    }

    [Fact]
    public void WhatDidNotChangeIsNotComputedAgain()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        LeakGuard.NoTensorLeaks(() =>
        {
            using var executor = new GraphExecutor(settings);
            var graph = ApiGraph.Parse(SmallGraphs.Inverted);
            Assert.Equal(["1", "2", "3"], Run(executor, settings, graph));
            Assert.Empty(Run(executor, settings, graph));
            Assert.Equal(["3"], Run(executor, settings, graph.With("3", "filename_prefix", "q")));
            Assert.Equal(["1", "2", "3"], Run(executor, settings, graph.With("1", "color", new System.Numerics.BigInteger(7))));
        });
    }

    [Fact]
    public void SavedPicturesAreNumberedOnAndTellTheirGraph()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        for (int i = 0; i < 2; i++)
        {
            using var executor = new GraphExecutor(settings);
            Run(executor, settings, ApiGraph.Parse(SmallGraphs.Inverted));
        }
        Assert.True(File.Exists(folder["out/p_00001_.png"]));
        var read = GraphFile.Read(folder["out/p_00002_.png"]);
        Assert.Equal(PythonJson.Write(ApiGraph.Parse(SmallGraphs.Inverted).Written()), PythonJson.Write(read.Graph.Written()));
    }

    [Fact]
    public void ANameThatLeadsOutOfTheOutputFolderIsRefused()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        using var executor = new GraphExecutor(settings);
        var failure = Assert.Throws<GraphFailure>(() => Run(executor, settings, ApiGraph.Parse(SmallGraphs.Inverted).With("3", "filename_prefix", "../p")));
        Assert.Equal("3", failure.Node.Id);
        Assert.Equal(["1", "2"], failure.Done);
        Assert.Contains("leads out of the output folder", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["3"], Run(executor, settings, ApiGraph.Parse(SmallGraphs.Inverted)));   // the others stayed
    }

    [Fact]
    public void ARunIsStoppedBetweenNodes()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        using var executor = new GraphExecutor(settings);
        var verdict = GraphValidation.Check(ApiGraph.Parse(SmallGraphs.Inverted), settings.Folders);
        Assert.Throws<OperationCanceledException>(() => executor.Run(verdict, new GraphWatch(), cancel: new CancellationToken(true)));
    }
}
