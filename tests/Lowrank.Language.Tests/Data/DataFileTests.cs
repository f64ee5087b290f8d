using System.Text;
using System.Text.Json;

namespace Lowrank.Language.Tests;

/// <summary>Files of data as they come.</summary>
public class DataFileTests
{
    const string Rows = "{\"a\": \"1\"}\n{\"a\": \"zwei é\"}\n{\"a\": \"3\"}\n";

    static List<DataRow> Read(byte[] bytes, string name = "rows.jsonl")
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder[name], bytes);
        return JsonRows.Read(folder[name]);
    }

    static string Fault(string text) => Assert.Throws<LowrankException>(() => Read(Encoding.UTF8.GetBytes(text))).Message;

    public static TheoryData<byte[], string> Ways => new()
    {
        { Encoding.UTF8.GetBytes(Rows), "rows.jsonl" },
        { [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Rows)], "rows.jsonl" },
        { Encoding.UTF8.GetBytes("\r\n" + Rows.Replace("\n", "\r\n\r\n")), "rows.jsonl" },
        { Encoding.UTF8.GetBytes(Rows.TrimEnd()), "rows.json" },
        { Encoding.UTF8.GetBytes(" [" + Rows.TrimEnd().Replace("\n", ",\n") + "]"), "rows.jsonl" },
        { [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Rows)], "rows.jsonl" },
        { [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Rows)], "rows.jsonl" },
    };

    [Theory, MemberData(nameof(Ways), DisableDiscoveryEnumeration = true)]
    public void RowsAreTheSameHoweverTheyAreWritten(byte[] bytes, string name) =>
        Assert.Equal(["1", "zwei é", "3"], Read(bytes, name).Select(row => row.Text("a")));

    [Fact]
    public void Utf16WithoutAMarkIsRefusedWithTheCure() =>
        Assert.Contains("UTF-8", Assert.Throws<LowrankException>(() => Read(Encoding.Unicode.GetBytes(Rows))).Message);

    [Fact]
    public void BytesThatAreNoTextAreToldWithTheirLine() => Assert.Contains("line 2",
        Assert.Throws<LowrankException>(() => Read([.. Encoding.UTF8.GetBytes("{\"a\": \"1\"}\n{\"a\": \""), 0xe9, (byte)'"', (byte)'}'])).Message);

    [Theory]
    [InlineData("{\"a\": \"1\"}\n\n{\"a\": \n", "row 2 (line 3)"), InlineData("", "no rows"), InlineData("[]", "no rows"), InlineData("[1]", "a number")]
    [InlineData("{\n \"a\": 1\n}\n", "over many lines"), InlineData("\"a\"\n", "a text"), InlineData("[{\"a\": 1}", "no")]
    [InlineData("{\"a\": \"1\"}\n{\"a\": \"\\ud800\"}\n", "row 2 (line 2) is no JSON")]
    public void FaultsNameTheRow(string text, string told) => Assert.Contains(told, Fault(text));

    [Fact]
    public void AFieldThatIsMissingIsToldWithThoseThatAreThere() =>
        Assert.Contains("It has: a", Assert.Throws<LowrankException>(() => Read(Encoding.UTF8.GetBytes(Rows))[1].Text("b")).Message);

    static T In<T>(string text, Func<string, T> read)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], text);
        return read(folder["file"]);
    }

    [Theory]
    [InlineData("[{\"tripleset\": [], \"annotations\": [\"a\"]}]", "row 1 is a text where an object with \"text\" is wanted")]
    public void WhatIsNoObjectInADartFileIsToldWithItsRow(string text, string told)
    {
        using var json = JsonDocument.Parse(text);
        Assert.Contains(told, Assert.Throws<LowrankException>(() => { DartData.Of("x.json", json.RootElement); }).Message);
    }

    [Theory]
    [InlineData("[{\"1\": \"x\"}]", "is a text where an object with \"lexicalisations\" is wanted")]
    [InlineData("[{\"1\": {\"lexicalisations\": [\"x\"]}}]", "is a text where an object with \"comment\" is wanted")]
    public void WhatIsNoObjectInAWebNlgFileIsToldWithItsRow(string text, string told)
    {
        using var json = JsonDocument.Parse(text);
        Assert.Contains(told, Assert.Throws<LowrankException>(() => { WebNlgData.Of("x.json", json.RootElement, out _); }).Message);
    }

    [Fact]
    public void AQuoteInATabSeparatedFileIsAQuote()
    {
        var rows = In("index\tsentence\tlabel\r\n0\tHe said \"yes\t1\r\n1\tNo.\t0", GlueTasks.Named("sst-2").Read);
        Assert.Equal([("He said \"yes", 1.0), ("No.", 0.0)], rows.Select(row => (row.First, row.Label)));
    }

    [Fact]
    public void ColaHasNoNames() => Assert.Equal(
        [("All climb.", 1.0), ("All reveal.", 0.0)], In("gj04\t1\t\tAll climb.\ngj04\t0\t*\tAll reveal.\n", GlueTasks.Named("cola").Read).Select(row => (row.First, row.Label)));

    [Theory]
    [InlineData("sentence\tlabel\na\t2\n", "line 2: the label is \"2\""), InlineData("sentence\tlabel\na\tb\tc\n", "3 fields"), InlineData("text\tlabel\na\t1\n", "no column \"sentence\"")]
    public void FaultsOfTabSeparatedFilesNameTheLine(string text, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => In(text, GlueTasks.Named("sst-2").Read)).Message);

    [Fact]
    public void LinesOfTheSameFactsAreOneRow()
    {
        var rows = In("name : X | food : Y||one\nname : X | food : Y||two\nname : Z||three\n", E2eData.ReadText);
        Assert.Equal(["name : X | food : Y", "name : Z"], rows.Select(row => row.Context));
        Assert.Equal(["one", "two"], rows[0].References);
    }

    [Fact]
    public void OnlyGoodTextsOfWebNlgAreReferences()
    {
        const string Json = """
            {"entries": [{"1": {"category": "City", "modifiedtripleset": [{"subject": "A", "property": "in", "object": "B"}, {"subject": "A", "property": "Of", "object": "C"}],
              "lexicalisations": [{"lex": "no", "comment": "bad"}, {"lex": "A is in B.", "comment": "good"}]}},
             {"2": {"category": "Politician", "modifiedtripleset": [], "lexicalisations": []}}]}
            """;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["w.json"], "[" + Json.Replace("\n", " ") + "]");
        var rows = WebNlgData.Read(folder["w.json"], out int leftOut);
        Assert.Equal(("A : in : B | A : Of : C", 1, true), (rows[0].Context, leftOut, WebNlgData.IsSeen(rows[0])));
        Assert.Equal(["A is in B."], rows[0].References);
    }

    [Fact]
    public void RelationsOfDartAreInLowerCase() => Assert.Equal("A : part_of : B", In(
        """[{"tripleset": [["A", "PART_OF", "B"]], "annotations": [{"source": "x", "text": "A is part of B."}]}]""", DartData.Read)[0].Context);

    [Fact]
    public void PairsOfBothLayoutsAreRead()
    {
        const string Lines = """
            {"sentence_good": "g", "sentence_bad": "b", "UID": "u", "linguistics_term": "t"}
            {"chosen": "c", "rejected": "r", "paradigm": "p", "phenomenon": "q"}
            """;
        Assert.Equal([new TextPair("g", "b", "u", "t"), new TextPair("c", "r", "p", "q")], In(Lines, PairData.Read));
    }
}
