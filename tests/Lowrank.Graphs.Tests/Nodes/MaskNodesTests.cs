namespace Lowrank.Graphs.Tests;

public class MaskNodesTests
{
    // A solid 3x3 middle in a 7x5 raster, and one node on it.
    static string On(string node) =>
        """
        {"1": {"class_type": "SolidMask", "inputs": {"value": 0.0, "width": 7, "height": 5}},
         "2": {"class_type": "SolidMask", "inputs": {"value": 1.0, "width": 3, "height": 3}},
         "3": {"class_type": "MaskComposite", "inputs": {"destination": ["1", 0], "source": ["2", 0], "x": 2, "y": 1, "operation": "add"}},
         "4": NODE,
         "5": {"class_type": "MaskPreview", "inputs": {"mask": ["4", 0]}}}
        """.Replace("NODE", node, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, true, 21)]
    [InlineData(1, false, 25)]
    [InlineData(-1, true, 1)]
    [InlineData(0, true, 9)]
    [InlineData(50, true, 35)]
    [InlineData(-50, false, 0)]
    public void AMaskGrowsAndShrinksPixelByPixel(int expand, bool tapered, float sum)
    {
        using var run = new RunGraph();
        string corners = tapered ? "true" : "false";
        string inputs = $"\"mask\": [\"3\", 0], \"expand\": {expand}, \"tapered_corners\": {corners}";
        run.Run(On($"{{\"class_type\": \"GrowMask\", \"inputs\": {{{inputs}}}}}"));
        Assert.Equal(sum, run.Numbers("4").Sum());
    }

    const string Feathered =
        """
        {"1": {"class_type": "SolidMask", "inputs": {"value": 1.0, "width": 4, "height": 1}},
         "4": {"class_type": "FeatherMask", "inputs": {"mask": ["1", 0], "left": 0, "top": 0, "right": 2, "bottom": 0}},
         "5": {"class_type": "MaskPreview", "inputs": {"mask": ["4", 0]}}}
        """;

    [Fact]
    public void AFeatheredSideFadesToItsEdge()
    {
        using var run = new RunGraph();
        run.Run(Feathered);
        Assert.Equal([1, 1, 1, 0.5f], run.Numbers("4"));
        Assert.Contains("ComfyUI dims the first ones", Assert.Single(run.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void LikeComfyUiTheFirstColumnIsDimmedInstead()
    {
        using var run = new RunGraph(likeComfyUi: true);
        run.Run(Feathered);
        Assert.Equal([0.5f, 1, 1, 1], run.Numbers("4"));
    }

    [Fact]
    public void WhatReachesBeyondAMaskIsCut()
    {
        using var run = new RunGraph();
        run.Run(On("""{"class_type": "CropMask", "inputs": {"mask": ["3", 0], "x": 4, "y": 3, "width": 512, "height": 512}}"""));
        Assert.Equal([1, 2, 3], run.Shape("4"));
        Assert.Equal([1, 0, 0, 0, 0, 0], run.Numbers("4"));
    }

    [Fact]
    public void AColourIsFoundWhereItIs()
    {
        using var run = new RunGraph();
        run.Run(
            """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 2, "height": 1, "batch_size": 1, "color": 3368601}},
             "2": {"class_type": "ImageColorToMask", "inputs": {"image": ["1", 0], "color": 3368601}},
             "3": {"class_type": "MaskPreview", "inputs": {"mask": ["2", 0]}}}
            """);
        Assert.Equal([1, 1], run.Numbers("2"));
    }
}
