using Lowrank.Language;

namespace Lowrank.Training.Tests;

/// <summary>Data of the shapes that people met, as rows.</summary>
public sealed class RowCaseTests
{
    static RowEncoder Encoder(string folder)
    {
        var loaded = Tokenizers.Load(LanguageCases.Of(folder));
        var template = new ChatTemplate(loaded.ChatTemplates, loaded.SpecialTexts);
        return new(loaded.Tokenizer, template, RowTokens.Of(loaded.Tokenizer));
    }

    static RowEncoder Chat() => Encoder("bases/chat");

    static IReadOnlyList<Example> Examples(string file) => ExampleFiles.Read(LanguageCases.Of(file)).Examples;

    static PreparedRows Rows(string file, RowEncoder encoder, RowOptions? options = null) => TextRows.Of(Examples(file), encoder, options ?? new());

    [Theory]
    [InlineData("array-in-a.jsonl"), InlineData("bom-array.json"), InlineData("bom.jsonl"), InlineData("crlf-and-blank-lines.jsonl")]
    [InlineData("lines-in-a.json"), InlineData("no-last-newline.jsonl"), InlineData("utf16.jsonl")]
    public void ADataFileOfAnyFormGivesTheSameRows(string name)
    {
        var plain = Rows("data-files/plain.jsonl", Chat()).Rows;
        Assert.Equal(6, plain.Count);
        Assert.Equal(plain.Select(row => string.Join(" ", row.Ids)), Rows($"data-files/{name}", Chat()).Rows.Select(row => string.Join(" ", row.Ids)));
    }

    [Fact]
    public void RowsWithoutAnAnswerAreLeftOutAndNamed()
    {
        var messages = ExampleFiles.Read(LanguageCases.Of("null-answers/messages.jsonl"));
        Assert.Equal(3, messages.Examples.Count);
        Assert.Equal([2, 4, 5], messages.Skipped.Select(row => int.Parse(row.Place.Split("row ")[1].Split(' ')[0])));
        Assert.Equal("null", messages.Examples[2].Whole!.Messages![^1].Content);
        var instructions = ExampleFiles.Read(LanguageCases.Of("null-answers/alpaca.jsonl"));
        Assert.Equal((4, 1), (instructions.Examples.Count, instructions.Skipped.Count));
        Assert.Equal("Who bakes the bread?", instructions.Examples[1].Prompt!.Messages![^1].Content);
    }

    [Fact]
    public void RowsThatTheTemplateRefusesAreAllNamed()
    {
        var error = Assert.Throws<LowrankException>(() => Rows("refused-roles/messages.jsonl", Encoder("refused-roles/base")));
        Assert.Contains("row 2", error.Message);
        Assert.Contains("row 4", error.Message);
        Assert.Contains("no system turn here", error.Message);
    }

    [Fact]
    public void MessagesThatHoldTheTemplateAlreadyAreTold()
    {
        var account = Rows("templated-twice/messages.jsonl", Chat()).Account;
        Assert.Equal(["row 2", "row 4"], account.SpelledControls.Select(place => place.Split(", ")[1].Split(" (")[0]));
    }

    [Fact]
    public void ATextThatIsAWholeConversationGetsNoSecondEnd()
    {
        var encoder = Chat();
        var made = Rows("templated-twice/text.jsonl", encoder);
        int endOfTurn = encoder.Tokenizer.Id("<|eot_id|>")!.Value;
        Assert.All(made.Rows, row => Assert.Equal(endOfTurn, row.Ids[^1]));
        Assert.Equal((4, 4), (made.Account.OwnEnds, made.Rows.Count));
    }

    [Theory, InlineData("messages.jsonl"), InlineData("own-begin.jsonl")]
    public void TheBeginTokenStandsOnce(string name)
    {
        var encoder = Chat();
        int begin = encoder.Tokens.Begin!.Value;
        Assert.All(Rows($"begin-token-twice/{name}", encoder).Rows, row => Assert.Equal(1, row.Ids.Count(id => id == begin)));
    }

    [Fact]
    public void ArgumentsOfToolsMayStandAsText() => Assert.Equal(
        Rows("tool-arguments/object.jsonl", Chat()).Rows.Select(row => string.Join(" ", row.Ids)),
        Rows("tool-arguments/string.jsonl", Chat()).Rows.Select(row => string.Join(" ", row.Ids)));

    [Fact]
    public void RowsWhoseAnswerIsCutAwayAreLeftOutAndNamedWithTheLimit()
    {
        var options = new RowOptions { MaxLength = 96, AssistantOnly = true };
        var some = Rows("answers-cut-away/some.jsonl", Chat(), options);
        Assert.Equal((3, 3), (some.Rows.Count, some.Account.Dropped.Count));
        Assert.All(some.Account.Dropped, row => Assert.Contains("96", row.Reason));
        var all = Assert.Throws<LowrankException>(() => Rows("answers-cut-away/all.jsonl", Chat(), options));
        Assert.Contains("96", all.Message);
    }

    [Fact]
    public void TheEndOfAnAnswerCountsThoughItIsThePad()
    {
        var encoder = Encoder("end-token-is-pad/base");
        var made = Rows("end-token-is-pad/messages.jsonl", encoder, new() { AssistantOnly = true });
        using var batch = new RowCollator(encoder.Tokens.Pad).Stacked(made.Rows);
        long ends = batch.Labels.data<long>().Count(label => label == encoder.Tokens.Pad);
        Assert.Equal(made.Rows.Sum(row => row.Labels.Count(label => label == encoder.Tokens.Pad)), ends);
        Assert.All(made.Rows, row => Assert.Contains(encoder.Tokens.Pad, row.Labels));
    }
}
