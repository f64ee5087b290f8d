using Parquet.Schema;
using Parquet.Serialization;

namespace Lowrank.Language.Tests;

public sealed class ExampleFilesTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("examples").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Written(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Theory, InlineData("a.csv", ','), InlineData("a.tsv", '\t'), InlineData("b.csv", ';')]
    public void ATableMayQuoteItsTexts(string name, char between)
    {
        string path = Written(name, $"prompt{between}completion\n\"Say \"\"hi\"\"{between} now\"{between}\"two\nlines\"\nempty{between}\n");
        var read = ExampleFiles.Read(path);
        Assert.Equal(ExampleLayout.PromptCompletion, read.Layout);
        Assert.Equal(($"Say \"hi\"{between} now", "two\nlines"), (read.Examples[0].Prompt!.Text, read.Examples[0].Completion!.Text));
        Assert.Contains("line 4", Assert.Single(read.Skipped).Place);
    }

    [Fact]
    public void ColumnsMayBeTold()
    {
        string path = Written("a.jsonl", "{\"mr\": \"name[Mill]\", \"refs\": [\"Mill is a pub.\", \"A pub, Mill.\"]}\n");
        var read = ExampleFiles.Read(path, new() { Columns = ExampleOptions.ReadColumns("prompt=mr, completion=refs") });
        Assert.Equal(["Mill is a pub.", "A pub, Mill."], read.Examples.Select(one => one.Completion!.Text));
        Assert.Contains("no field", Assert.Throws<LowrankException>(() => ExampleOptions.ReadColumns("colour=mr")).Message);
    }

    [Fact]
    public void ARowOfAnotherLayoutIsNamed()
    {
        string path = Written("a.jsonl", "{\"text\": \"one\"}\n{\"messages\": []}\n");
        var error = Assert.Throws<LowrankException>(() => ExampleFiles.Read(path));
        Assert.Contains("row 2 (line 2)", error.Message);
        Assert.Contains("one layout", error.Message);
    }

    [Fact]
    public async Task ParquetGivesTheRowsThatWereWritten()
    {
        string path = Path.Combine(folder, "a.parquet");
        var schema = new ParquetSchema(new DataField<string>("prompt"), new DataField<string>("completion"));
        List<Dictionary<string, object?>> rows = [new() { ["prompt"] = "a", ["completion"] = "b" }, new() { ["prompt"] = "c", ["completion"] = null }];
        await using (var stream = File.Create(path))
            await ParquetSerializer.SerializeUntypedAsync(rows, schema, stream, cancellationToken: TestContext.Current.CancellationToken);
        var read = ExampleFiles.Read(path);
        Assert.Equal(("a", "b"), (read.Examples[0].Prompt!.Text, read.Examples[0].Completion!.Text));
        Assert.Equal("it has no answer", Assert.Single(read.Skipped).Reason);
    }

    [Fact]
    public void LinesOfFactsAndTextArePairs()
    {
        var read = ExampleFiles.Read(Written("a.txt", "name : Mill || Mill is a pub .\nname : Inn || Inn .\n"));
        Assert.Equal(ExampleLayout.PromptCompletion, read.Layout);
        Assert.Equal(2, read.Examples.Count);
        Assert.Equal(ExampleLayout.Text, ExampleFiles.Read(Written("b.txt", "one\n\ntwo\n")).Layout);
    }
}
