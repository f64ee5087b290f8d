namespace Lowrank.Graphs.Tests;

public class GraphReviewTests
{
    static readonly GraphFolders nowhere = new() { Models = "none", Input = "none" };

    static IReadOnlyList<string> Faults(ApiGraph graph) => new GraphReview(GraphValidation.Check(graph, nowhere), nowhere).Faults();

    static ApiGraph Good => ApiGraph.Parse(SmallGraphs.Inverted);

    [Fact]
    public void AGoodGraphHasNoFaultsAndNoNotes()
    {
        var verdict = GraphValidation.Check(Good, nowhere);
        Assert.Empty(new GraphReview(verdict, nowhere).Faults());
        Assert.Empty(new GraphReview(verdict, nowhere).Notes(Good));
    }

    [Fact]
    public void ACircleIsToldWithItsNodes()
    {
        var graph = ApiGraph.Parse(
            """
            {"1": {"class_type": "ImageInvert", "inputs": {"image": ["2", 0]}}, "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "p"}}}
            """);
        Assert.Contains("circle: 1 (ImageInvert) → 2 (ImageInvert) → 1 (ImageInvert)", Assert.Single(Faults(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public void ANodeThatHangsOnItselfIsACircle()
    {
        var graph = Good.With("2", "image", new List<object?> { "2", new System.Numerics.BigInteger(0) });
        Assert.Contains("circle: 2 (ImageInvert) → 2 (ImageInvert)", Assert.Single(Faults(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenLinkIsToldWithBothEnds()
    {
        var graph = Good.With("2", "image", new List<object?> { "11", new System.Numerics.BigInteger(0) });
        string fault = Assert.Single(Faults(graph));
        Assert.Contains("Node 2 (ImageInvert) takes image from node 11, which is not in the graph. Nearest: 1", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOutputThatIsNotThereIsTold()
    {
        var graph = Good.With("2", "image", new List<object?> { "1", new System.Numerics.BigInteger(1) });
        Assert.Contains("from output 1 of node 1 (EmptyImage), which has 1", Assert.Single(Faults(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownClassIsToldWithTheNearest()
    {
        var graph = ApiGraph.Parse(SmallGraphs.Inverted.Replace("ImageInvert", "ImageInverted", StringComparison.Ordinal));
        Assert.Contains("Nearest: ImageInvert", Assert.Single(Faults(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public void AClassThatIsLeftOutIsToldWithTheReason()
    {
        var graph = ApiGraph.Parse(SmallGraphs.Inverted.Replace("ImageInvert", "ImageUpscaleWithModel", StringComparison.Ordinal));
        Assert.Contains("not done here: upscaling networks", Assert.Single(Faults(graph)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("width", 0L, "width is 0, and must be 1 to 16384")]
    [InlineData("width", "wide", "width is \"wide\", and must be a whole number")]
    public void AValueOutOfItsRangeIsToldWithTheRange(string input, object value, string said)
    {
        object given = value is long number ? new System.Numerics.BigInteger(number) : value;
        Assert.Contains(said, Assert.Single(Faults(Good.With("1", input, given))), StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingInputIsTold() =>
        Assert.Contains("lacks image: link a IMAGE", Assert.Single(Faults(Good.Without("2", "image"))), StringComparison.Ordinal);

    [Fact]
    public void AGraphWithoutOutputsIsTold()
    {
        var graph = new ApiGraph(Good.Nodes.Take(2));
        Assert.Contains("nothing to run", Assert.Single(Faults(graph)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotUsedIsNoted()
    {
        var graph = new ApiGraph([.. Good.With("1", "depth", true).With("1", "height", 2.9).Nodes, new("9", "EmptyImage", Good["1"].Inputs)]);
        var notes = new GraphReview(GraphValidation.Check(graph, nowhere), nowhere).Notes(graph);
        Assert.Equal(
            [
                "Node 1 (EmptyImage) has no input depth; what is written there is not used.",
                "Node 1 (EmptyImage): height is 2.9, which is taken as 2.",
                "Node 9 (EmptyImage) is not run: no output hangs on it.",
            ],
            notes);
    }
}
