using System.Text;
using Lowrank.Formats;

namespace Lowrank.Graphs.Tests;

/// <summary>Graphs that nobody should write, each with the sentence that is said of it.</summary>
public class HostileGraphsTests
{
    static readonly GraphFolders nowhere = new() { Models = "none", Input = "none" };

    // Of an empty picture to a saved one, with something in place of the width, or of all.
    static string Sized(string width) => SmallGraphs.Inverted.Replace("\"width\": 4", $"\"width\": {width}", StringComparison.Ordinal);

    static string Fault(string json)
    {
        try
        {
            var graph = ApiGraph.Parse(json);
            return string.Join('\n', new GraphReview(GraphValidation.Check(graph, nowhere), nowhere).Faults());
        }
        catch (LowrankException error)
        {
            return error.Message;
        }
    }

    [Theory]
    [InlineData("20000", "Node 1 (EmptyImage): width is 20000, and must be 1 to 16384")]
    [InlineData("-1", "width is -1")]
    [InlineData("NaN", "width is NaN, and must be a whole number")]
    [InlineData("1e999", "width is Infinity, and must be a whole number")]
    [InlineData("[4]", "width is [4], and a link is a list of a node's id and a number")]
    [InlineData("[4, 4]", "takes width from node 4, which is not in the graph")]
    [InlineData("[\"1\", 0, 0]", "a link is a list of a node's id and a number")]
    [InlineData("[\"2\", -1]", "from output -1 of node 2 (ImageInvert), which has 1")]
    [InlineData("[\"2\", \"0\"]", "from output 0 of node 2 (ImageInvert)")]
    [InlineData("null", "width is nothing, and must be a whole number")]
    [InlineData("{\"a\": 1}", "width is {\"a\": 1}, and must be a whole number")]
    public void AValueThatCannotBeIsToldWithItsNodeAndInput(string written, string said) =>
        Assert.Contains(said, Fault(Sized(written)), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "nothing to run")]
    [InlineData("{\"1\": {}}", "Node 1 says no class_type")]
    [InlineData("{\"1\": {\"class_type\": 7, \"inputs\": {}}}", "Node 1 says no class_type")]
    [InlineData("{\"1\": {\"class_type\": \"SaveImage\", \"inputs\": []}}", "The inputs of node 1 are a list")]
    [InlineData("null", "this is null")]
    [InlineData("{\"1\": {\"class_type\": \"SaveImage\"", "JSON")]
    [InlineData("// a comment\n{}", "no JSON from line 1, byte 1 on (// a comment)")]
    [InlineData("7", "this is a whole number")]
    [InlineData("{\"1\": 7}", "Node 1 of the graph is a whole number")]
    [InlineData(" ", "it is empty")]
    public void ADocumentThatIsNoGraphIsTold(string json, string said) => Assert.Contains(said, Fault(json), StringComparison.Ordinal);

    [Theory]
    [InlineData("seed", "18446744073709551616", "must be 0 to 18446744073709551615")]
    [InlineData("seed", "-1", "must be 0 to")]
    [InlineData("steps", "-3", "must be 1 to 10000")]
    [InlineData("denoise", "NaN", "denoise is NaN, and must be 0 to 1")]
    [InlineData("cfg", "\"many\"", "must be a number")]
    [InlineData("sampler_name", "\"eular\"", "Nearest: euler")]
    [InlineData("scheduler", "3", "scheduler is 3, which is not known")]
    public void ASamplerThatCannotBeIsTold(string input, string written, string said)
    {
        var values = new Dictionary<string, string>
        {
            ["seed"] = "1", ["steps"] = "2", ["cfg"] = "7", ["sampler_name"] = "\"euler\"", ["scheduler"] = "\"normal\"", ["denoise"] = "1",
            [input] = written,
        };
        string inputs = string.Join(", ", values.Select(value => $"\"{value.Key}\": {value.Value}"));
        string json = $$$"""
            {"1": {"class_type": "KSampler", "inputs": { {{{inputs}}}, "model": ["2", 0], "positive": ["3", 0], "negative": ["3", 0], "latent_image": ["4", 0]}},
             "2": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
             "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "a", "clip": ["2", 1]}},
             "4": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
             "5": {"class_type": "SaveLatent", "inputs": {"samples": ["1", 0], "filename_prefix": "p"} } }
            """;
        string fault = Fault(json);
        Assert.Contains("Node 1 (KSampler)", fault, StringComparison.Ordinal);
        Assert.Contains(said, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../x"), InlineData("/tmp/x"), InlineData("..\\x"), InlineData("../none-beside/x")]
    public void APrefixThatLeadsOutIsToldBeforeAnythingIsRun(string prefix)
    {
        string json = SmallGraphs.Inverted.Replace("\"p\"", PythonJson.Write(prefix), StringComparison.Ordinal);
        Assert.Contains($"Node 3 (SaveImage): filename_prefix \"{prefix}\" leads out of the output folder", Fault(json), StringComparison.Ordinal);
    }

    [Fact]
    public void ANameWithNulIsToldBeforeAnythingIsRun() => Assert.Contains(
        "filename_prefix \"a\\0b\" holds the sign NUL",
        Fault(SmallGraphs.Inverted.Replace("\"p\"", "\"a\\u0000b\"", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("../b.png", "input"), InlineData("/etc/hostname", "input"), InlineData("../b.png [output]", "output")]
    public void APictureOutsideOfTheFolderIsRefused(string name, string folder)
    {
        string json = $$$"""
            {"1": {"class_type": "LoadImage", "inputs": {"image": "{{{name}}}"}},
             "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "p"} } }
            """;
        Assert.Contains($"leads out of the {folder} folder", Fault(json), StringComparison.Ordinal);
    }

    [Fact]
    public void ALongChainIsToldInPlaceOfAnOverflow()
    {
        var text = new StringBuilder("{\"s\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": [\"20000\", 0], \"filename_prefix\": \"p\"}}");
        for (int i = 20000; i > 0; i--) text.Append($", \"{i}\": {{\"class_type\": \"ImageInvert\", \"inputs\": {{\"image\": [\"{i - 1}\", 0]}}}}");
        text.Append(", \"0\": {\"class_type\": \"EmptyImage\", \"inputs\": {\"width\": 4, \"height\": 4, \"batch_size\": 1, \"color\": 0}}}");
        Assert.Contains("Node s (SaveImage) cannot be run: more than 1000 nodes", Fault(text.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAnUnknownInputIsLinkedToIsNotAskedFor()
    {
        using var run = new RunGraph();
        run.Run(SmallGraphs.Inverted.Replace("\"image\": [\"1\", 0]", "\"image\": [\"1\", 0], \"more\": [\"99\", 0]", StringComparison.Ordinal));
        Assert.Equal([1, 2, 4, 3], run.Shape("2"));
    }

    [Fact]
    public void ALinkedValueThatCannotBeIsToldWhereItArrives()
    {
        using var run = new RunGraph();
        string graph = SmallGraphs.Inverted.Replace("\"width\": 4", "\"width\": [\"9\", 0]", StringComparison.Ordinal)
            .Replace("{\"1\":", "{\"9\": {\"class_type\": \"PrimitiveInt\", \"inputs\": {\"value\": -5}}, \"1\":", StringComparison.Ordinal);
        string said = Assert.Throws<GraphFailure>(() => run.Run(graph)).Message;
        Assert.Contains("Node 1 (EmptyImage) was given -5 for width, which must be 1 to 16384", said, StringComparison.Ordinal);
    }
}
