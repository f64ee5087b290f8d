using System.Text.Json;

namespace Lowrank.Language.Tests;

/// <summary>Rows of conversations and texts as people have them: tokens, answers and errors are those that are right.</summary>
public class CaseRowsTests
{
    static LoadedTokenizer Base(string name) => Tokenizers.Load(LanguageCases.Of(name));

    static List<DataRow> Rows(string file) => JsonRows.Read(LanguageCases.Of(file));

    static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];

    // Ids of a conversation, and which of them are learned.
    static (IReadOnlyList<int> Ids, IReadOnlyList<int> Mask) Learned(LoadedTokenizer model, DataRow row)
    {
        var template = new ChatTemplate(model.ChatTemplates, model.SpecialTexts);
        var rendered = Assert.Single(template.TrainingRows(Conversation.Read(row.Json).WithParsedArguments(out _)));
        var tokens = rendered.Text.Encode(model.Tokenizer);
        return (tokens.Ids, rendered.Mask(tokens));
    }

    static void AssertCounts(JsonElement loss, IEnumerable<(IReadOnlyList<int> Ids, IReadOnlyList<int> Mask)> rows)
    {
        var all = rows.ToList();
        Assert.Equal(loss.GetProperty("rows").GetInt32(), all.Count);
        Assert.Equal(loss.GetProperty("tokens_of_answers").GetInt32(), all.Sum(row => row.Mask.Sum()));
        // Every token but each row's first.
        Assert.Equal(loss.GetProperty("tokens").GetInt32(), all.Sum(row => row.Ids.Count - 1));
    }

    [Fact]
    public void TheBeginTokenThatATemplateWritesStandsOnce()
    {
        var model = Base("bases/chat");
        var numbers = LanguageCases.Numbers("begin-token-twice").GetProperty("messages.jsonl");
        var rows = Rows("begin-token-twice/messages.jsonl").Select(row => Learned(model, row)).ToList();
        Assert.Equal(Ids(numbers.GetProperty("ids_of_row_1")), rows[0].Ids);
        AssertCounts(numbers.GetProperty("first_loss"), rows);
    }

    [Fact]
    public void TextsOfMessagesBecomeNoControlTokens()
    {
        var model = Base("bases/chat");
        var numbers = LanguageCases.Numbers("control-tokens-in-text");
        var rows = Rows("control-tokens-in-text/messages.jsonl").Select(row => Learned(model, row)).ToList();
        Assert.Equal(Ids(numbers.GetProperty("ids_as_text")), rows[0].Ids);
        AssertCounts(numbers.GetProperty("first_loss_as_text"), rows);
    }

    [Fact]
    public void AnEndTokenThatIsThePadTooIsLearned()
    {
        var model = Base("end-token-is-pad/base");
        var numbers = LanguageCases.Numbers("end-token-is-pad");
        var rows = Rows("end-token-is-pad/messages.jsonl").Select(row => Learned(model, row)).ToList();
        AssertCounts(numbers.GetProperty("first_loss"), rows);
        int end = model.Tokenizer.Id("<|eot_id|>")!.Value;
        Assert.Equal(numbers.GetProperty("end_tokens_of_answers").GetInt32(), rows.Sum(row => row.Ids.Zip(row.Mask).Count(one => one.First == end && one.Second == 1)));
    }

    [Fact]
    public void ARoleThatTheTemplateRefusesIsToldInItsWords()
    {
        var model = Base("refused-roles/base");
        var numbers = LanguageCases.Numbers("refused-roles");
        var rows = Rows("refused-roles/messages.jsonl");
        var taken = new List<(IReadOnlyList<int>, IReadOnlyList<int>)>();
        foreach (var row in rows)
            if (numbers.GetProperty("rows").TryGetProperty($"{row.Number}", out var words))
                Assert.Contains(words.GetString()!, Assert.ThrowsAny<LowrankException>(() => Learned(model, row)).Message);
            else taken.Add(Learned(model, row));
        AssertCounts(numbers.GetProperty("first_loss_of_rows_1_and_3"), taken);
    }

    [Fact]
    public void TextsThatAreWholeConversationsBeginOnce()
    {
        using var model = LanguageModel.Load(LanguageCases.Of("bases/chat"));
        var rows = Rows("templated-twice/text.jsonl").Select(row => model.Prompt(row.Text("text"))).ToList();
        Assert.All(rows, ids => Assert.NotEqual(ids[0], ids[1]));
        Assert.Equal(LanguageCases.Numbers("templated-twice").GetProperty("text.jsonl").GetProperty("first_loss").GetProperty("tokens").GetInt32(), rows.Sum(ids => ids.Count - 1));
        var own = Rows("begin-token-twice/own-begin.jsonl");
        int[] wanted = Ids(LanguageCases.Numbers("begin-token-twice").GetProperty("own-begin.jsonl").GetProperty("ids_of_row_1"));
        Assert.Equal(wanted[..^1], model.Prompt(own[0].Text("text")));   // the end of text is the training's to add
    }

    [Theory, InlineData("object"), InlineData("string")]
    public void ArgumentsOfACallAreWrittenOnceWhetherTheyAreATextOrAnObject(string kind)
    {
        var model = Base("bases/chat");
        var template = new ChatTemplate(model.ChatTemplates, model.SpecialTexts);
        var numbers = LanguageCases.Numbers("tool-arguments");
        var rows = Rows($"tool-arguments/{kind}.jsonl");
        var first = Conversation.Read(rows[0].Json).WithParsedArguments(out int changed);
        Assert.Equal(kind == "string", changed > 0);
        Assert.Equal(numbers.GetProperty("text").GetString(), template.Render(first).Text);
        AssertCounts(numbers.GetProperty("first_loss"), rows.Select(row => Learned(model, row)));
    }

    [Fact]
    public void AnAnswerThatIsNullIsNoWordAndTheWordNullIsOne()
    {
        var model = Base("bases/chat");
        var template = new ChatTemplate(model.ChatTemplates, model.SpecialTexts);
        var numbers = LanguageCases.Numbers("null-answers").GetProperty("messages.jsonl");
        var rows = Rows("null-answers/messages.jsonl");
        int[] left = [.. numbers.GetProperty("left_out").EnumerateArray().Select(row => row.GetInt32())];
        foreach (var row in rows)
        {
            var last = Conversation.Read(row.Json).Messages[^1];
            bool hasAnswer = last.Role == "assistant" && last.Content is { Length: > 0 };
            Assert.Equal(left.Contains(row.Number), !hasAnswer);
        }
        Assert.DoesNotContain("None", template.Render(Conversation.Read(rows[1].Json)).Text);
        AssertCounts(numbers.GetProperty("first_loss"), rows.Where(row => !left.Contains(row.Number)).Select(row => Learned(model, row)));
    }

    public static IEnumerable<TheoryDataRow<string>> DataFiles =>
        Directory.GetFiles(LanguageCases.Of("data-files")).Select(Path.GetFileName).Order(StringComparer.Ordinal).Select(name => new TheoryDataRow<string>(name!));

    [Theory, MemberData(nameof(DataFiles))]
    public void SixRowsAreReadOfEveryKindOfFile(string name)
    {
        var rows = Rows($"data-files/{name}");
        var plain = Rows("data-files/plain.jsonl");
        Assert.Equal(plain.Select(row => JsonSerializer.Serialize(row.Json)), rows.Select(row => JsonSerializer.Serialize(row.Json)));
        Assert.Equal(LanguageCases.Numbers("data-files").GetProperty("first_loss").GetProperty("rows").GetInt32(), rows.Count);
    }
}
