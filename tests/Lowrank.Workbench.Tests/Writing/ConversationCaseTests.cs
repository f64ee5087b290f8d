using Lowrank.Language;

namespace Lowrank.Workbench.Tests;

/// <summary>Conversations as people met them: control tokens in a message's text, arguments of tools as servers send them.</summary>
public class ConversationCaseTests
{
    static List<Conversation> Read(string name) => [.. JsonRows.Read(WritingCases.Of(name)).Select(row => Conversation.Read(row.Json))];

    static (TextTokenizer Tokenizer, ChatTemplate Template) Base()
    {
        var loaded = Tokenizers.Load(WritingCases.Base);
        return (loaded.Tokenizer, new(loaded.ChatTemplates, loaded.SpecialTexts));
    }

    [Fact]
    public void ControlTokensInAMessageStayText()
    {
        var (tokenizer, template) = Base();
        var conversation = Read("control-tokens-in-text/messages.jsonl")[0];
        Assert.Equal(WritingCases.Numbers("control-tokens-in-text").Ids("ids_as_text"), template.Render(conversation).Encode(tokenizer).Ids);
        var choices = new WritingChoices { MaxTokens = 1 };
        var (report, _) = WritingCases.Write([conversation.Messages[0].Content!], choices, chat: true);
        var prompt = template.Render(conversation.First(1), new() { AddGenerationPrompt = true }).Encode(tokenizer).Ids;
        Assert.Equal(prompt.Count, report.Texts[0].PromptTokens);
    }

    [Theory]
    [InlineData("object")]
    [InlineData("string")]
    public void ArgumentsOfToolsAreTheSameHoweverTheyAreSent(string form)
    {
        var (_, template) = Base();
        string want = WritingCases.Numbers("tool-arguments").Text();
        foreach (var conversation in Read($"tool-arguments/{form}.jsonl"))
            Assert.Equal(want, template.Render(conversation.WithParsedArguments(out _)).Text);
    }
}
