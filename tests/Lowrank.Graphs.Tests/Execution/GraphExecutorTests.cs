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
    public void AGraphThatCannotRunIsNotRunInSilence()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        using var executor = new GraphExecutor(settings);
        var graph = ApiGraph.Parse(SmallGraphs.Inverted);
        string unknown = Assert.Throws<LowrankException>(() => Run(executor, settings, ApiGraph.Parse(SmallGraphs.Inverted.Replace("ImageInvert", "ImageTurn", StringComparison.Ordinal)))).Message;
        Assert.StartsWith("The graph cannot run:\n  Node 2 is a ImageTurn, which is not known here.", unknown, StringComparison.Ordinal);
        var faults = Assert.Throws<LowrankException>(() => Run(executor, settings, graph.With("1", "width", new System.Numerics.BigInteger(-1)).With("1", "height", "many"))).Message.Split('\n');
        Assert.Equal(3, faults.Length);   // a line for each
        Assert.Contains("nothing to run", Assert.Throws<LowrankException>(() => Run(executor, settings, new([graph["1"]]))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    sealed class Told : GraphWatch
    {
        public List<string> LeftOut { get; } = [];

        public override void LeavesOut(IReadOnlyList<NodeFaults> faults) => LeftOut.AddRange(faults.SelectMany(one => one.Dependent));
    }

    [Fact]
    public void OutputsThatAreLeftOutAreTold()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        using var executor = new GraphExecutor(settings);
        var graph = ApiGraph.Parse(SmallGraphs.Inverted.TrimEnd()[..^1] + """, "4": {"class_type": "SaveImage", "inputs": {"filename_prefix": "q"} } }""");
        var told = new Told();
        executor.Run(GraphValidation.Check(graph, settings.Folders), told, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(["4"], told.LeftOut);
        Assert.True(File.Exists(folder["out/p_00001_.png"]));
    }

    [Fact]
    public void WhatIsNullOrWasDisposedOfIsNamed()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(folder);
        var graph = ApiGraph.Parse(SmallGraphs.Inverted);
        var verdict = GraphValidation.Check(graph, settings.Folders);
        Assert.Equal("settings", Assert.Throws<ArgumentNullException>(() => new GraphExecutor(null!)).ParamName);
        Assert.Equal("graph", Assert.Throws<ArgumentNullException>(() => GraphValidation.Check(null!, settings.Folders)).ParamName);
        Assert.Equal("folders", Assert.Throws<ArgumentNullException>(() => GraphValidation.Check(graph, null!)).ParamName);
        Assert.Equal("verdict", Assert.Throws<ArgumentNullException>(() => new GraphReview(null!, settings.Folders)).ParamName);
        Assert.Equal("json", Assert.Throws<ArgumentNullException>(() => ApiGraph.Parse(null!)).ParamName);
        var executor = new GraphExecutor(settings);
        Assert.Equal("verdict", Assert.Throws<ArgumentNullException>(() => executor.Run(null!, new GraphWatch(), cancel: TestContext.Current.CancellationToken)).ParamName);
        Assert.Equal("watch", Assert.Throws<ArgumentNullException>(() => executor.Run(verdict, null!, cancel: TestContext.Current.CancellationToken)).ParamName);
        executor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => executor.Run(verdict, new GraphWatch(), cancel: TestContext.Current.CancellationToken));
        executor.Dispose();
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
