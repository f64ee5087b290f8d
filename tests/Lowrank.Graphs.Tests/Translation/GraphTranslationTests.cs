using Lowrank.Formats;

namespace Lowrank.Graphs.Tests;

public class GraphTranslationTests
{
    static TranslatedGraph Translated(string nodes, string links) =>
        GraphTranslation.Of(SavedGraph.Of(PythonJson.Read($"{{\"nodes\": [{nodes}], \"links\": [{links}]}}")));

    const string Picture = """{"id": 1, "type": "EmptyImage", "order": 0, "outputs": [{"type": "IMAGE"}], "widgets_values": [4.0, 2, 1, 0]}""";
    const string Save = """{"id": 3, "type": "SaveImage", "order": 2, "inputs": [{"name": "images", "type": "IMAGE", "link": 9}], "widgets_values": ["p"]}""";

    [Fact]
    public void LinksOfObjectsAreReadAsListsAre()
    {
        string list = PythonJson.Write(Translated($"{Picture}, {Save}", """[9, 1, 0, 3, 0, "IMAGE"]""").Graph.Written());
        string fields = PythonJson.Write(Translated($"{Picture}, {Save}",
            """{"id": 9, "origin_id": 1, "origin_slot": 0, "target_id": 3, "target_slot": 0, "type": "IMAGE"}""").Graph.Written());
        Assert.Equal(list, fields);
        Assert.Contains("""{"width": 4, "height": 2, "batch_size": 1, "color": 0}""", list, StringComparison.Ordinal);
        Assert.Contains("""{"filename_prefix": "p", "images": ["1", 0]}""", list, StringComparison.Ordinal);
    }

    [Fact]
    public void AMutedNodeIsToldAndWhatHungOnItToo()
    {
        var translated = Translated($"{Picture.Replace("\"order\": 0", "\"mode\": 2", StringComparison.Ordinal)}, {Save}", """[9, 1, 0, 3, 0, "IMAGE"]""");
        Assert.Equal(["3"], translated.Graph.Nodes.Select(node => node.Id));
        Assert.False(translated.Graph["3"].Inputs.ContainsKey("images"));
        Assert.Equal(2, translated.Notes.Count);
    }

    [Fact]
    public void ASubgraphIsNamedAsNotDone()
    {
        var document = PythonJson.Read("""{"nodes": [{"id": 5, "type": "u-1"}], "links": [], "definitions": {"subgraphs": [{"id": "u-1", "name": "Detail"}]}}""");
        Assert.Contains("subgraph \"Detail\"", Assert.Throws<LowrankException>(() => SavedGraph.Of(document)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooFewWidgetsAreRefused()
    {
        var error = Assert.Throws<LowrankException>(() => Translated("""{"id": 1, "type": "EmptyImage", "widgets_values": [4]}""", ""));
        Assert.Contains("saves 1 values of widgets, and its class has 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AListIsWrappedSoThatItIsNoLink() =>
        Assert.Equal("""{"__value__": ["1", 0]}""", PythonJson.Write(
            Translated("""{"id": 1, "type": "PrimitiveString", "widgets_values": [["1", 0]]}""", "").Graph["1"].Inputs["value"]));
}
