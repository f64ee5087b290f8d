using System.Numerics;
using Lowrank.Formats;

namespace Lowrank.Graphs.Tests;

public class SavedTextsTests
{
    static readonly SavedGraph saved = SavedGraph.Of(PythonJson.Read(
        """
        {"nodes": [{"id": 1, "type": "EmptyImage", "title": "Ground", "properties": {"Node name for S&R": "EmptyImage"}, "widgets_values": [4, 2, 1, 255]},
                   {"id": 2, "type": "SaveImage", "widgets_values": ["p"]}, {"id": 3, "type": "CLIPTextEncode", "widgets_values": ["a"]}], "links": []}
        """));

    static string Applied(string type, string input, string text, List<string>? notes = null)
    {
        var inputs = new OrderedDictionary<string, object?> { [input] = text, ["other"] = new BigInteger(1) };
        new SavedTexts(saved, new DateTime(2026, 3, 9, 8, 5, 7), notes ?? []).Apply(saved.Nodes.First(node => node.Type == type), inputs);
        return (string)inputs[input]!;
    }

    [Theory]
    [InlineData("%EmptyImage.width%x%Ground.height%", "4x2")]
    [InlineData("%date:yyyy-MM-dd_hh-mm-ss%", "2026-03-09_08-05-07")]
    [InlineData("%date:d.M.yy%", "9.3.26")]
    [InlineData("%Other.width% %EmptyImage.depth% %width%", "%Other.width% %EmptyImage.depth% %width%")]
    public void NamesOfFilesTellValuesAndDates(string prefix, string filled) => Assert.Equal(filled, Applied("SaveImage", "filename_prefix", prefix));

    [Fact]
    public void CommentsOfPromptsAreLeftOutAndTold()
    {
        var notes = new List<string>();
        Assert.Equal("a fox \nin snow", Applied("CLIPTextEncode", "text", "a fox // red\nin /* deep */snow", notes));
        Assert.Contains("comments in text are left out", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesOfNodesAreFilledIntoNoPrompt() => Assert.Equal("%EmptyImage.width%", Applied("CLIPTextEncode", "text", "%EmptyImage.width%"));
}
